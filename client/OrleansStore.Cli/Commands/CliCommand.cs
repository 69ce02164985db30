using System.CommandLine;
using OrleansStore.Cli.Sessions;

namespace OrleansStore.Cli.Commands;

/// <summary>A command with examples, run in a session of its own.</summary>
internal abstract class CliCommand : Command
{
    protected CliCommand(CommandRunner runner, string name, string description, params IReadOnlyList<string> examples)
        : base(name, description)
    {
        Examples = examples;
        SetAction((parsed, cancellationToken) => runner.RunAsync(parsed, RunAsync, cancellationToken));
    }

    /// <summary>Lines as they would be typed into a shell; each parses.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>Does what the arguments say. What it throws, <see cref="CommandRunner"/> tells.</summary>
    protected abstract Task<ExitCode> RunAsync(CliSession session, ParseResult arguments, CancellationToken cancellationToken);
}
