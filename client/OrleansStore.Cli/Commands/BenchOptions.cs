using System.CommandLine;
using OrleansStore.Cli.Bench;
using OrleansStore.Cli.Keys;
using OrleansStore.Cli.Sessions;

namespace OrleansStore.Cli.Commands;

/// <summary>The options of a benchmark.</summary>
internal sealed class BenchOptions
{
    private const int MaxCallers = 65_536;

    private readonly Argument<BenchMix> _mix = ChoiceOf<BenchMix>.Argument("mix", "What callers do: put, get (linearizable), mixed (both), cas (a get and a put on condition that nobody was faster).");
    private readonly DefaultedOption<double> _ratio = new("--ratio", "The share of gets in mixed, from 0 to 1.", 0.5, "0.5") { HelpName = "SHARE" };
    private readonly DefaultedOption<KeyDistribution> _distribution = ChoiceOf<KeyDistribution>.Option(
        "--distribution", "Which keys are used: all alike, or few of them much (the n-th in proportion to n^-0.99).", KeyDistribution.Uniform);
    private readonly DefaultedOption<int> _keys = CountOption.Create("--keys", "How many keys there are.", 100_000, 1, BenchKeys.MaxCount);
    private readonly Option<string?> _prefix = new("--prefix") { Description = "What every key begins with, percent-encoded. Default bench/.", HelpName = "PREFIX" };
    private readonly Option<bool?> _preload = new("--preload")
    {
        Description = "Write every key once before. Default: true for get, mixed and cas, false for put.",
        HelpName = "true|false",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly DefaultedOption<int> _callers = CountOption.Create("--callers", "How many callers there are, each with one request at a time.", 64, 1, MaxCallers);
    private readonly Option<int?> _connections = CountOption.CreateOptional(
        "--connections", "How many connections they share. Default: as many as callers. Alone, it says how many callers there are; with fewer than callers, requests are pipelined.", 1, MaxCallers);
    private readonly DefaultedOption<TimeSpan> _duration = DurationOption.Create("--duration", "How long is measured.", TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(24));
    private readonly DefaultedOption<TimeSpan> _warmUp = DurationOption.Create("--warm-up", "How long before that callers run and are not counted.", TimeSpan.FromSeconds(2), TimeSpan.Zero, TimeSpan.FromHours(1));
    private readonly DefaultedOption<int> _valueBytes = CountOption.Create("--value-size", "The length of values in bytes.", 256, 0, StoreLimits.MaxValueBytes);
    private readonly DefaultedOption<EndpointSpread> _spread = ChoiceOf<EndpointSpread>.Option(
        "--spread", "Which endpoints are called: all of them, connections dealt out in turn, or only the first.", EndpointSpread.RoundRobin);
    private readonly DefaultedOption<BenchDriverKind> _driver = ChoiceOf<BenchDriverKind>.Option(
        "--driver", "wire: plain HTTP, nothing sent twice; client: the .NET client library with its retries.", BenchDriverKind.Wire);
    private readonly Option<ulong?> _seed = new("--seed") { Description = "What the choices of keys and operations follow from. Default: random.", HelpName = "NUMBER" };
    private readonly Option<bool> _allowErrors = new("--allow-errors") { Description = "End with 0 even where requests failed." };

    public BenchOptions(Command command)
    {
        command.Arguments.Add(_mix);
        Option[] all =
        [
            _callers, _connections, _duration, _warmUp, _keys, _distribution, _ratio, _valueBytes, _spread, _driver, _preload, _prefix, _seed, _allowErrors,
        ];
        foreach (var option in all)
        {
            command.Options.Add(option);
        }
    }

    public bool AllowsErrors(ParseResult arguments) => arguments.GetValue(_allowErrors);

    public bool IsPreloaded(ParseResult arguments, BenchMix mix) =>
        arguments.GetResult(_preload) is { Implicit: false } ? arguments.GetValue(_preload) ?? true : mix != BenchMix.Put;

    /// <summary>Reads what to do.</summary>
    /// <param name="session">Endpoints, deadline and namespace.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="randomSeed">The seed where none is given.</param>
    /// <exception cref="UsageException">Something is out of its range.</exception>
    public BenchPlan Read(CliSession session, ParseResult arguments, ulong randomSeed)
    {
        var ratio = _ratio.Read(arguments);
        if (ratio is not (>= 0 and <= 1))
        {
            throw new UsageException($"--ratio is {ratio}; it must be from 0 to 1.");
        }

        var connections = arguments.GetValue(_connections);
        var callers = connections is not null && !_callers.IsGiven(arguments) ? connections.Value : _callers.Read(arguments);
        if (connections > callers)
        {
            throw new UsageException($"--connections is {connections} and --callers {callers}; a connection without a caller would do nothing.");
        }

        return new BenchPlan
        {
            Mix = arguments.GetValue(_mix),
            ReadRatio = ratio,
            Distribution = _distribution.Read(arguments),
            KeyCount = _keys.Read(arguments),
            KeyPrefix = PrefixOf(session, arguments.GetValue(_prefix) ?? "bench/"),
            Callers = callers,
            Connections = connections ?? callers,
            ValueBytes = _valueBytes.Read(arguments),
            WarmUp = _warmUp.Read(arguments),
            Duration = _duration.Read(arguments),
            Endpoints = _spread.Read(arguments) == EndpointSpread.First ? [session.Endpoints[0]] : session.Endpoints,
            Timeout = session.Timeout,
            Driver = _driver.Read(arguments),
            Seed = arguments.GetValue(_seed) ?? randomSeed,
        };
    }

    private static byte[] PrefixOf(CliSession session, string text)
    {
        byte[] prefix = [.. session.Namespace is { } space ? space.Prefix.Span : [], .. KeyText.Decode(text)];
        if (prefix.Contains((byte)0))
        {
            throw new UsageException("--prefix holds a byte 0, which no path of an address can carry.");
        }

        return prefix.Length + BenchKeys.Digits <= StoreLimits.MaxKeyBytes
            ? prefix
            : throw new UsageException($"With --prefix keys have {prefix.Length + BenchKeys.Digits} bytes; at most {StoreLimits.MaxKeyBytes} are allowed.");
    }
}
