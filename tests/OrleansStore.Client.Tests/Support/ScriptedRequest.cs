using System.Text;

namespace OrleansStore.Client.Tests.Support;

/// <summary>A request as it came over the wire.</summary>
internal sealed record ScriptedRequest(int Number, string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string? IdempotencyKey => Headers.GetValueOrDefault("Idempotency-Key");

    public string Text => Encoding.UTF8.GetString(Body);
}
