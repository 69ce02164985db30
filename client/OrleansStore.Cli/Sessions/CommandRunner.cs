using System.CommandLine;
using System.Text.Json;
using OrleansStore.Cli.Rendering;

namespace OrleansStore.Cli.Sessions;

/// <summary>Runs a command in a session of its own and turns every way in which it can end into an exit code and words.</summary>
internal sealed class CommandRunner(CliHost host, GlobalOptions globals)
{
    public delegate Task<ExitCode> Body(CliSession session, ParseResult arguments, CancellationToken cancellationToken);

    public async Task<int> RunAsync(ParseResult arguments, Body body, CancellationToken cancellationToken)
    {
        CliSession? session = null;
        try
        {
            session = new CliSession(
                host,
                globals.ResolveEndpoints(arguments, host),
                globals.Output.Read(arguments),
                globals.Timeout.Read(arguments),
                arguments.GetValue(globals.Namespace));
            var exit = await body(session, arguments, cancellationToken);
            session.Flush();
            return (int)exit;
        }
        catch (UsageException e)
        {
            return (int)await TellAsync(arguments, new Failure(ExitCode.Usage, "usage", e.Message));
        }
        catch (ArgumentException e)
        {
            // The client refuses what no store takes: values that are too long, addresses that are none.
            return (int)await TellAsync(arguments, new Failure(ExitCode.Usage, "usage", WithoutParameter(e)));
        }
        catch (StoreException e)
        {
            return (int)await TellAsync(arguments, await Failures.ExplainAsync(e, session!));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return (int)await TellAsync(arguments, new Failure(ExitCode.Failed, "cancelled", "Cancelled."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (int)await TellAsync(arguments, new Failure(ExitCode.Failed, "file", e.Message));
        }
        finally
        {
            session?.Dispose();
        }
    }

    private async Task<ExitCode> TellAsync(ParseResult arguments, Failure failure)
    {
        if (globals.Output.Read(arguments) == OutputFormat.Json)
        {
            await host.Error.WriteLineAsync(JsonSerializer.Serialize(new { failure.Code, failure.Message, failure.Hint }, JsonSerializerOptions.Web));
            return failure.Exit;
        }

        await host.Error.WriteLineAsync($"ostore: {TerminalText.Plain(failure.Message)}");
        if (failure.Hint is not null)
        {
            await host.Error.WriteLineAsync(TerminalText.Plain(failure.Hint));
        }

        return failure.Exit;
    }

    // The name of a parameter is of no use to somebody who typed a command.
    private static string WithoutParameter(ArgumentException e)
    {
        var suffix = $" (Parameter '{e.ParamName}')";
        return e.Message.Replace(suffix, "", StringComparison.Ordinal);
    }
}
