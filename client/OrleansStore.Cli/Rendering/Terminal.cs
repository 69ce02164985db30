using Spectre.Console;

namespace OrleansStore.Cli.Rendering;

/// <summary>Consoles for what moves.</summary>
internal static class Terminal
{
    /// <summary>A console on a writer that is known to be a terminal.</summary>
    public static IAnsiConsole On(TextWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(writer),
        Ansi = AnsiSupport.Yes,
        Interactive = InteractionSupport.Yes,
    });
}
