using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using OrleansStore.Cli.Sessions;
using OrleansStore.Cli.Verify;
using OrleansStore.Verification.Nemesis;
using OrleansStore.Verification.Nemesis.Faults;
using OrleansStore.Verification.Nemesis.Links;

namespace OrleansStore.Cli.Commands;

/// <summary>The options of a verification.</summary>
internal sealed class VerifyOptions
{
    private readonly DefaultedOption<TimeSpan> _duration = DurationOption.Create(
        "--duration", "How long clients work while faults come.", TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));
    private readonly Option<FaultKind[]?> _faults = FaultList.CreateOption();
    private readonly DefaultedOption<int> _clients = CountOption.Create("--clients", "How many clients there are, each with one request at a time, dealt out to the datacenters in turn.", 64, 1, NemesisOptions.MaxClients);
    private readonly DefaultedOption<int> _keys = CountOption.Create("--keys", "How many keys are in use at a time; they are replaced by others as they are used up.", 256, 1, 1_000_000);
    private readonly Option<double?> _rate = new("--rate") { Description = "How many operations a second all clients begin together.", HelpName = "NUMBER" };
    private readonly DefaultedOption<LoadKind> _load = ChoiceOf<LoadKind>.Option("--load", "Without --rate: half of what the clients can, which is measured first, or all of it.", LoadKind.Half);
    private readonly Option<string?> _silo = new("--silo") { Description = "The store's program, for a cluster of this tool's own. Default: beside this tool, or built in the source tree around it.", HelpName = "PATH" };
    private readonly DefaultedOption<int> _buckets = CountOption.Create("--buckets", "How many buckets its own cluster has; a power of two.", 64, 1, 65_536);
    private readonly DefaultedOption<TimeSpan> _delay = DurationOption.Create("--delay", "How long its own datacenters are apart, one way: a round trip takes twice that.", TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    private readonly DefaultedOption<TimeSpan> _jitter = DurationOption.Create("--jitter", "How much longer, at most, drawn for each piece.", TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    private readonly Option<long?> _bandwidth = new("--bandwidth") { Description = "How many kilobytes a second one connection between its own datacenters carries in one direction. Default: no limit.", HelpName = "KB" };
    private readonly DefaultedOption<TimeSpan> _recovery = DurationOption.Create(
        "--recovery", "How soon after a fault every datacenter must be ready and every client answered; also how long is waited for the cluster at first.",
        TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
    private readonly Option<string?> _report = new("--report") { Description = "Where to write a page for a browser about the run.", HelpName = "FILE" };
    private readonly Option<ulong?> _seed = new("--seed") { Description = "What the choices of clients and faults follow from. Default: random; it is told.", HelpName = "NUMBER" };

    public VerifyOptions(Command command)
    {
        Option[] all = [_duration, _faults, _clients, _keys, _rate, _load, _silo, _buckets, _delay, _jitter, _bandwidth, _recovery, _report, _seed];
        foreach (var option in all)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Reads what to do.</summary>
    /// <param name="session">Endpoints, deadline and namespace.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="random">The seed where none is given, and a name that no other run has.</param>
    /// <exception cref="UsageException">Something is out of its range, or makes no sense together.</exception>
    public VerifyPlan Read(CliSession session, ParseResult arguments, (ulong Seed, ulong Name) random)
    {
        var isAttached = arguments.GetResult("--endpoints") is OptionResult { Implicit: false };
        CheckTogether(arguments, isAttached);
        var space = session.Namespace is { } own ? Encoding.ASCII.GetString(own.Prefix.Span) : "";
        var run = new NemesisOptions
        {
            Duration = _duration.Read(arguments),
            Clients = _clients.Read(arguments),
            Keys = _keys.Read(arguments),
            Rate = arguments.GetValue(_rate),
            LoadShare = _load.Read(arguments) == LoadKind.Half ? 0.5 : 1,
            Faults = arguments.GetResult(_faults) is null ? Enum.GetValues<FaultKind>() : arguments.GetValue(_faults)!,
            CallTimeout = session.Timeout,
            RecoveryBound = _recovery.Read(arguments),
            KeyPrefix = string.Create(CultureInfo.InvariantCulture, $"{space}verify-{random.Name:x16}/"),
            Seed = arguments.GetValue(_seed) ?? random.Seed,
        };
        if (run.FindErrors() is { Count: > 0 } errors)
        {
            throw new UsageException(string.Join(' ', errors));
        }

        return new VerifyPlan(
            run,
            isAttached ? session.Endpoints : null,
            isAttached ? null : SiloLocation.Find(arguments.GetValue(_silo), AppContext.BaseDirectory),
            _buckets.Read(arguments),
            new LinkConditions { Delay = _delay.Read(arguments), Jitter = _jitter.Read(arguments), BytesPerSecond = arguments.GetValue(_bandwidth) * 1000 },
            arguments.GetValue(_report),
            CommandOf(arguments, session, run, isAttached));
    }

    private void CheckTogether(ParseResult arguments, bool isAttached)
    {
        if (arguments.GetValue(_bandwidth) is <= 0 and var bandwidth)
        {
            throw new UsageException($"--bandwidth is {bandwidth}; it must be above 0.");
        }

        if (!int.IsPow2(_buckets.Read(arguments)))
        {
            throw new UsageException($"--buckets is {_buckets.Read(arguments)}; it must be a power of two.");
        }

        if (arguments.GetValue(_rate) is { } rate && (_load.IsGiven(arguments) || !double.IsFinite(rate)))
        {
            throw new UsageException(_load.IsGiven(arguments) ? "--rate and --load say the same thing in two ways; only one of them is taken." : $"--rate is {rate}; it must be a number above 0.");
        }

        if (isAttached && Array.Find<Option>([_silo, _buckets, _delay, _jitter, _bandwidth], option => arguments.GetResult(option) is OptionResult { Implicit: false }) is { } own)
        {
            throw new UsageException($"{own.Name} is about a cluster of this tool's own, and --endpoints names one that runs already; only one of them is taken.");
        }
    }

    // What was typed, with the seed that it did not name.
    private string CommandOf(ParseResult arguments, CliSession session, NemesisOptions run, bool isAttached)
    {
        var command = new StringBuilder("ostore verify");
        Add("--endpoints", isAttached, string.Join(',', session.Endpoints.Select(endpoint => endpoint.GetLeftPart(UriPartial.Authority))));
        Add("--namespace", session.Namespace is not null, session.Namespace?.Name);
        Add("--duration", true, DurationOption.Show(run.Duration));
        Add("--faults", true, FaultList.Show(run.Faults));
        Add("--clients", true, run.Clients);
        Add("--keys", true, run.Keys);
        Add("--rate", run.Rate is not null, run.Rate);
        Add("--load", run.Rate is null, ChoiceOf<LoadKind>.WordOf(_load.Read(arguments)));
        Add("--buckets", _buckets.IsGiven(arguments), _buckets.Read(arguments));
        Add("--delay", _delay.IsGiven(arguments), DurationOption.Show(_delay.Read(arguments)));
        Add("--jitter", _jitter.IsGiven(arguments), DurationOption.Show(_jitter.Read(arguments)));
        Add("--bandwidth", arguments.GetValue(_bandwidth) is not null, arguments.GetValue(_bandwidth));
        Add("--timeout", run.CallTimeout != new NemesisOptions { KeyPrefix = "-" }.CallTimeout, DurationOption.Show(run.CallTimeout));
        Add("--recovery", _recovery.IsGiven(arguments), DurationOption.Show(run.RecoveryBound));
        Add("--seed", true, run.Seed);
        return command.ToString();

        void Add(string name, bool isGiven, object? value)
        {
            if (isGiven)
            {
                command.Append(CultureInfo.InvariantCulture, $" {name} {value}");
            }
        }
    }
}
