using System.CommandLine;
using System.Globalization;
using OrleansStore.Cli.Bench;
using OrleansStore.Cli.Keys;
using OrleansStore.Cli.Sessions;

namespace OrleansStore.Cli.Commands;

/// <summary>The options of a benchmark.</summary>
internal sealed class BenchOptions
{
    private const int MaxCallers = 65_536;

    private readonly Argument<BenchMix> _mix = ChoiceOf<BenchMix>.Argument("mix", "What callers do: put, get (linearizable), mixed (both), cas (a get and a put on condition that nobody was faster).");
    private readonly Option<double> _ratio = new("--ratio") { Description = "The share of gets in mixed, from 0 to 1. Default 0.5.", HelpName = "SHARE", DefaultValueFactory = _ => 0.5 };
    private readonly Option<KeyDistribution> _distribution = ChoiceOf<KeyDistribution>.Option(
        "--distribution", "Which keys are used: all alike, or few of them much (the n-th in proportion to n^-0.99).", KeyDistribution.Uniform);
    private readonly Option<int> _keys = CountOption.Create("--keys", "How many keys there are.", 100_000, 1, BenchKeys.MaxCount);
    private readonly Option<string> _prefix = new("--prefix") { Description = "What every key begins with, percent-encoded. Default bench/.", HelpName = "PREFIX", DefaultValueFactory = _ => "bench/" };
    private readonly Option<bool?> _preload = new("--preload")
    {
        Description = "Write every key once before. Default: true for get, mixed and cas, false for put.",
        HelpName = "true|false",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<int> _callers = CountOption.Create("--callers", "How many callers there are, each with one request at a time.", 64, 1, MaxCallers);
    private readonly Option<int?> _connections = CountOption.CreateOptional(
        "--connections", "How many connections they share. Default: as many as callers. Alone, it says how many callers there are; with fewer than callers, requests are pipelined.", 1, MaxCallers);
    private readonly Option<TimeSpan> _duration = DurationOption.Create("--duration", "How long is measured.", TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(24));
    private readonly Option<TimeSpan> _warmUp = DurationOption.Create("--warm-up", "How long before that callers run and are not counted.", TimeSpan.FromSeconds(2), TimeSpan.Zero, TimeSpan.FromHours(1));
    private readonly Option<int> _valueBytes = CountOption.Create("--value-size", "The length of values in bytes.", 256, 0, StoreLimits.MaxValueBytes);
    private readonly Option<EndpointSpread> _spread = ChoiceOf<EndpointSpread>.Option(
        "--spread", "Which endpoints are called: all of them, connections dealt out in turn, or only the first.", EndpointSpread.RoundRobin);
    private readonly Option<BenchDriverKind> _driver = ChoiceOf<BenchDriverKind>.Option(
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
        var ratio = arguments.GetValue(_ratio);
        if (ratio is not (>= 0 and <= 1))
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--ratio is {ratio}; it must be from 0 to 1."));
        }

        var connections = arguments.GetValue(_connections);
        var callers = connections is not null && arguments.GetResult(_callers) is not { Implicit: false } ? connections.Value : arguments.GetValue(_callers);
        if (connections > callers)
        {
            throw new UsageException($"--connections is {connections} and --callers {callers}; a connection without a caller would do nothing.");
        }

        return new BenchPlan
        {
            Mix = arguments.GetValue(_mix),
            ReadRatio = ratio,
            Distribution = arguments.GetValue(_distribution),
            KeyCount = arguments.GetValue(_keys),
            KeyPrefix = PrefixOf(session, arguments.GetRequiredValue(_prefix)),
            Callers = callers,
            Connections = connections ?? callers,
            ValueBytes = arguments.GetValue(_valueBytes),
            WarmUp = arguments.GetValue(_warmUp),
            Duration = arguments.GetValue(_duration),
            Endpoints = arguments.GetValue(_spread) == EndpointSpread.First ? [session.Endpoints[0]] : session.Endpoints,
            Timeout = session.Timeout,
            Driver = arguments.GetValue(_driver),
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
