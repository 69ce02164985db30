using System.CommandLine;
using System.CommandLine.Invocation;

namespace OrleansStore.Cli.Commands;

/// <summary>Prints the version of this assembly; the default one is that of the process, which need not be this tool.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(CliApplication.Version);
        return (int)ExitCode.Ok;
    }
}
