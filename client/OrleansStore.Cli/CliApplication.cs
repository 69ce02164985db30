using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Reflection;
using OrleansStore.Cli.Commands;
using OrleansStore.Cli.Sessions;

namespace OrleansStore.Cli;

/// <summary>The command line: parses arguments and runs the command they name.</summary>
internal static class CliApplication
{
    // No response files: a key may begin with an @. No bundling: there are no short options to bundle.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };

    /// <summary>The version of this tool, with the commit it was built from where that is known.</summary>
    public static string Version { get; } =
        typeof(CliApplication).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Runs a command.</summary>
    /// <param name="arguments">What stands behind the name of the tool.</param>
    /// <param name="host">Streams and environment.</param>
    /// <param name="cancellationToken">Ends the command as Ctrl-C does.</param>
    /// <returns>An <see cref="ExitCode"/> as a number.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CliHost host, CancellationToken cancellationToken)
    {
        var parsed = CreateRoot(host).Parse(arguments, Parsing);
        using var output = new StreamWriter(host.Output, leaveOpen: true);
        if (parsed.Action is ParseErrorAction)
        {
            return await RefuseAsync(parsed, host);
        }

        var configuration = new InvocationConfiguration { Output = output, Error = host.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        return await parsed.InvokeAsync(configuration, cancellationToken);
    }

    /// <summary>All commands and options.</summary>
    public static RootCommand CreateRoot(CliHost host)
    {
        var globals = new GlobalOptions();
        var runner = new CommandRunner(host, globals);
        var root = new RootCommand("Reads and writes an OrleansStore: a durable, linearizable key-value store over several datacenters.")
        {
            new PutCommand(runner),
            new GetCommand(runner),
            new DelCommand(runner),
            new ScanCommand(runner),
            new TxnCommand(runner),
            new OutcomeCommand(runner),
            new StatusCommand(runner),
            new ExportCommand(runner),
            new ImportCommand(runner),
            new BenchCommand(runner),
            new VerifyCommand(runner),
            new SchemaCommand(runner),
            new CompletionCommand(runner),
        };
        globals.AddTo(root);
        foreach (var option in root.Options)
        {
            option.Action = option switch
            {
                HelpOption { Action: HelpAction help } => new HelpWithExamples(help),
                VersionOption => new VersionAction(),
                _ => option.Action,
            };
        }

        return root;
    }

    private static async Task<int> RefuseAsync(ParseResult parsed, CliHost host)
    {
        if (parsed.CommandResult.Command is RootCommand { Subcommands: var commands } && parsed.UnmatchedTokens is [var unknown, ..])
        {
            await host.Error.WriteLineAsync($"ostore: There is no command or option '{unknown}'. Commands: {string.Join(' ', commands.Select(command => command.Name))}.");
        }
        else
        {
            foreach (var error in parsed.Errors)
            {
                await host.Error.WriteLineAsync($"ostore: {error.Message}");
            }
        }

        List<string> path = [];
        for (var command = parsed.CommandResult; command is not null; command = command.Parent as System.CommandLine.Parsing.CommandResult)
        {
            path.Insert(0, command.Command is RootCommand ? "ostore" : command.Command.Name);
        }

        await host.Error.WriteLineAsync($"Try: {string.Join(' ', path)} --help");
        return (int)ExitCode.Usage;
    }
}
