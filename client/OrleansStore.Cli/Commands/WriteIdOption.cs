using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;

namespace OrleansStore.Cli.Commands;

/// <summary>The id of a write. The tool gives one to every write, so that it can name it when somebody gives up waiting.</summary>
internal sealed class WriteIdOption
{
    private const int RandomBytes = 16;

    private readonly Option<string?> _key = new("--idempotency-key")
    {
        Description = "The write's own id, 1 to 64 printable ASCII characters: run again with the same id, the write happens once and gets its first answer. Else a random one.",
        HelpName = "ID",
    };

    public WriteIdOption(Command command) => command.Options.Add(_key);

    /// <summary>Returns the id that was given, or a new one.</summary>
    /// <param name="arguments">What was given.</param>
    /// <param name="time">Says when a new one was made.</param>
    public WriteId Read(ParseResult arguments, TimeProvider time) => arguments.GetValue(_key) is { } given
        ? new WriteId(given, null)
        : new WriteId("ostore-" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes)), time.GetUtcNow());
}
