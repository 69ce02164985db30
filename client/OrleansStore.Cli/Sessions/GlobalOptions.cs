using System.CommandLine;

namespace OrleansStore.Cli.Sessions;

/// <summary>The options that every command takes.</summary>
internal sealed class GlobalOptions
{
    public const string EndpointsVariable = "OSTORE_ENDPOINTS";

    private const string DefaultEndpoints = "http://127.0.0.1:5101,http://127.0.0.1:5102,http://127.0.0.1:5103";

    public Option<string?> Endpoints { get; } = new("--endpoints")
    {
        Description = $"Addresses of datacenters, the nearest first, with commas between. Else {EndpointsVariable}; else those of a store on this machine, 127.0.0.1:5101 to 5103.",
        HelpName = "URL,URL",
        Recursive = true,
    };

    public DefaultedOption<OutputFormat> Output { get; } = ChoiceOf<OutputFormat>.Option("--output", "How results look: for people, or one JSON object a line.", OutputFormat.Table);

    public DefaultedOption<TimeSpan> Timeout { get; } = DurationOption.Create(
        "--timeout", "How long a request may take with all its retries, up to 60s.", TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(60));

    public Option<string?> Namespace { get; } = new("--namespace")
    {
        Description = "Sees and writes only the keys of this namespace; its name stands in front of them as ~NAME/.",
        HelpName = "NAME",
        Recursive = true,
    };

    public GlobalOptions()
    {
        Output.Recursive = true;
        Timeout.Recursive = true;
    }

    public void AddTo(Command root)
    {
        root.Options.Add(Endpoints);
        root.Options.Add(Namespace);
        root.Options.Add(Output);
        root.Options.Add(Timeout);
    }

    /// <summary>The addresses that count: those of the option, of the environment, or the default.</summary>
    /// <exception cref="UsageException">There is none, or something else than addresses.</exception>
    public IReadOnlyList<Uri> ResolveEndpoints(ParseResult arguments, CliHost host)
    {
        var (text, source) = arguments.GetValue(Endpoints) is { } given ? (given, "--endpoints")
            : host.Variable(EndpointsVariable) is { Length: > 0 } set ? (set, EndpointsVariable)
            : (DefaultEndpoints, "default");
        List<Uri> addresses = [];
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            addresses.Add(Uri.TryCreate(part, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.Host.Length > 0
                ? address
                : throw new UsageException($"'{part}' in {source} is no address; an address looks like http://127.0.0.1:5101."));
        }

        return addresses.Count > 0 ? addresses : throw new UsageException($"{source} names no address; at least one datacenter is needed, as in http://127.0.0.1:5101.");
    }
}
