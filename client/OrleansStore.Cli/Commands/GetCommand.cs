using System.CommandLine;
using OrleansStore.Cli.Keys;
using OrleansStore.Cli.Sessions;
using OrleansStore.Client;

namespace OrleansStore.Cli.Commands;

/// <summary><c>ostore get</c></summary>
internal sealed class GetCommand : CliCommand
{
    private readonly KeyArgument _key;
    private readonly Option<bool> _eventual = new("--eventual")
    {
        Description = "Take what the datacenter at hand has: it may be old, and is served also where that datacenter is cut off.",
    };

    public GetCommand(CommandRunner runner)
        : base(
            runner,
            "get",
            "Writes the value of a record to standard output, byte by byte and nothing else; with --output json, with all that is known of it.",
            "ostore get greeting",
            "ostore get photos/1.jpg > 1.jpg",
            "ostore get greeting --output json",
            "ostore get greeting --eventual")
    {
        _key = new KeyArgument(this);
        Options.Add(_eventual);
    }

    protected override async Task<ExitCode> RunAsync(CliSession session, ParseResult arguments, CancellationToken cancellationToken)
    {
        var key = _key.Read(arguments);
        var item = await session.Store.GetAsync(key, arguments.GetValue(_eventual) ? ReadOptions.Eventual : null, cancellationToken);
        if (item is null)
        {
            session.Tell($"ostore: There is no record {KeyText.Show(key)}.");
            return ExitCode.NotFound;
        }

        if (session.IsJson)
        {
            session.WriteJson(json => ItemJson.Write(json, item, withValue: true));
        }
        else
        {
            await session.Host.Output.WriteAsync(item.Value, cancellationToken);
        }

        return ExitCode.Ok;
    }
}
