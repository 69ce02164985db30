using System.Text;

namespace OrleansStore.Client.Tests.Support;

/// <summary>A request as it came over the wire.</summary>
internal sealed record ScriptedRequest(int Number, string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string? IdempotencyKey => Headers.GetValueOrDefault("Idempotency-Key");

    public string? Session => Headers.GetValueOrDefault("OrleansStore-Session");

    /// <summary>The text of the id under which it was sent; null for none.</summary>
    public string? RequestId => Session is { } session ? $"s:{session[..session.LastIndexOf(':')]}" : IdempotencyKey is { } key ? $"k:{key}" : null;

    public string Text => Encoding.UTF8.GetString(Body);
}
