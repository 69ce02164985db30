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
    };
}
