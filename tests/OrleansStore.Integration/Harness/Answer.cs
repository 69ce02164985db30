using System.Net;
using System.Text.Json;

namespace OrleansStore.Integration.Harness;

/// <summary>What a datacenter answered.</summary>
internal sealed record Answer(HttpStatusCode Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public string this[string property] => JsonDocument.Parse(Body).RootElement.GetProperty(property).ToString();

    public override string ToString() => $"{(int)Status} {Body}";
}
