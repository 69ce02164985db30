namespace OrleansStore.Cli;

/// <summary>What the command line has of the outside: standard streams, environment, clock.</summary>
internal sealed class CliHost
{
    /// <summary>Standard input.</summary>
    public required Stream Input { get; init; }

    /// <summary>Results go here, byte by byte; not closed.</summary>
    public required Stream Output { get; init; }

    /// <summary>Messages and progress go here; not closed.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Whether a person looks at <see cref="Output"/>.</summary>
    public bool IsOutputTerminal { get; init; }

    /// <summary>Whether a person looks at <see cref="Error"/>: then progress is shown.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Reads an environment variable; null where it is not set.</summary>
    public Func<string, string?> Variable { get; init; } = static _ => null;

    /// <summary>Called before the first connection of a benchmark over plain HTTP: sets the process up for many connections with little work for each.</summary>
    public Action PrepareForLoad { get; init; } = static () => { };

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The host that a process is.</summary>
    public static CliHost OfProcess() => new()
    {
        Input = Console.OpenStandardInput(),
        Output = Console.OpenStandardOutput(),
        Error = Console.Error,
        IsOutputTerminal = !Console.IsOutputRedirected,
        IsErrorTerminal = !Console.IsErrorRedirected,
        Variable = Environment.GetEnvironmentVariable,
        PrepareForLoad = CompleteSocketsInline,
    };

    // What a connection of a benchmark does when something arrives takes microseconds and never blocks: done by the thread that saw it arrive, instead of being handed to a thread of the
    // pool, it costs a third less of the processor that is shared with the store. The runtime reads this once, when it first waits for a socket; whoever has set it otherwise is obeyed.
    private static void CompleteSocketsInline()
    {
        const string name = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
        if (Environment.GetEnvironmentVariable(name) is null)
        {
            Environment.SetEnvironmentVariable(name, "1");
        }
    }
}
