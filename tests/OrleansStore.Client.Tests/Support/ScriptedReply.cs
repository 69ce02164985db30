using System.Globalization;
using System.Text;

namespace OrleansStore.Client.Tests.Support;

/// <summary>What a <see cref="ScriptedServer"/> does with a request.</summary>
internal sealed record ScriptedReply
{
    /// <summary>The bytes to send.</summary>
    public byte[] Bytes { get; private init; } = [];

    /// <summary>Whether the connection is reset after the bytes.</summary>
    public bool ThenResets { get; private init; }

    /// <summary>What to wait for before the bytes are sent.</summary>
    public Task After { get; init; } = Task.CompletedTask;

    /// <summary>The connection is reset before any answer.</summary>
    public static ScriptedReply Reset() => new() { ThenResets = true };

    /// <summary>No answer before the end of the test.</summary>
    public static ScriptedReply Silence() => new() { After = new TaskCompletionSource().Task };

    public static ScriptedReply Of(int status, string body = "", params (string Name, string Value)[] headers)
    {
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} X\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n");
        foreach (var (name, value) in headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        return new ScriptedReply { Bytes = Encoding.UTF8.GetBytes($"{head}\r\n{body}") };
    }

    /// <summary>Problem details, as the store sends them.</summary>
    public static ScriptedReply Problem(int status, string code, params (string Name, string Value)[] headers) =>
        Of(status, $$"""{"type":"urn:x","title":"t","status":{{status}},"detail":"d of {{code}}","code":"{{code}}","requestId":"k:r"}""", headers);

    /// <summary>The answer to a put that was applied.</summary>
    public static ScriptedReply Put(ulong revision, int status = 200) =>
        Of(status, Encoding.UTF8.GetString(PutBody(revision)), ("ETag", $"\"{revision}\""));

    /// <summary>The body of an answer to a put.</summary>
    public static byte[] PutBody(ulong revision) => Encoding.UTF8.GetBytes($$"""{"key":"a","revision":{{revision}},"bucket":1,"durability":2,"requestId":"k:r"}""");

    /// <summary>The answer to a read.</summary>
    public static ScriptedReply Value(string value, ulong revision = 1) => Of(200, value, ("ETag", $"\"{revision}\""), ("Content-Type", "text/plain"));

    /// <summary>The first part of this reply, and then a reset.</summary>
    public ScriptedReply Truncated(int missingBytes) => this with { Bytes = Bytes[..^missingBytes], ThenResets = true };
}
