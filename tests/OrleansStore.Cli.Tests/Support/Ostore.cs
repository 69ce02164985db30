namespace OrleansStore.Cli.Tests.Support;

/// <summary>Runs commands in this process, on endpoints of their own.</summary>
internal sealed class Ostore(params IEnumerable<Uri> endpoints)
{
    private readonly string _endpoints = string.Join(',', endpoints);

    /// <summary>Whether standard error and output are shown to a person.</summary>
    public bool IsTerminal { get; init; }

    public Task<CliResult> RunAsync(params string[] arguments) => RunAsync([], CancellationToken.None, arguments);

    public async Task<CliResult> RunAsync(byte[] input, CancellationToken cancellationToken, params string[] arguments)
    {
        using var output = new MemoryStream();
        using var errors = new StringWriter();
        var host = new CliHost
        {
            Input = new MemoryStream(input),
            Output = output,
            Error = errors,
            IsOutputTerminal = IsTerminal,
            IsErrorTerminal = IsTerminal,
            Variable = name => name == "OSTORE_ENDPOINTS" ? _endpoints : null,
        };
        var exit = await CliApplication.RunAsync(arguments, host, cancellationToken);
        return new CliResult(exit, output.ToArray(), errors.ToString());
    }
}
