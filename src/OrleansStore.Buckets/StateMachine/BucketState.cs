using OrleansStore.Buckets.Commands;
using OrleansStore.Buckets.History;
using OrleansStore.Buckets.Identity;
using OrleansStore.Buckets.Records;
using OrleansStore.Diagnostics;

namespace OrleansStore.Buckets.StateMachine;

/// <summary>The replicated state of a bucket: a function of its limits and of the commands applied, and of nothing else (invariant 3).</summary>
/// <remarks>
/// <para>A command first moves the applied time to max(previous, stamp), then lets what is due end (records, sessions, idempotency keys, a bounded number of each), and
/// then does what it says. Reads take the records as they are: one whose expiry has passed is there until a command removes it.</para>
/// <para>One thread applies commands and reads the live state. An exception other than those of decoding leaves the state unusable: the replica stops.</para>
/// </remarks>
public sealed partial class BucketState
{
    private readonly RecordTable _records = new();
    private readonly SessionTable _sessions;
    private readonly KeyTable _keys;
    private readonly HistoryLog _history = new();
    private ChangeEvent[] _events = new ChangeEvent[4];
    private int _eventCount;
    private bool _isApplying;

    private BucketState(BucketLimits limits)
    {
        Limits = limits;
        _sessions = new SessionTable(limits);
        _keys = new KeyTable(limits);
    }

    /// <summary>The bounds of the state.</summary>
    public BucketLimits Limits { get; }

    /// <summary>The feature level that was raised to last.</summary>
    public ushort FeatureLevel { get; private set; } = FeatureLevels.Initial;

    /// <summary>The latest stamp applied; <see cref="WallTime.Zero"/> before the first command.</summary>
    public WallTime AppliedTime { get; private set; }

    /// <summary>The revision of the last change.</summary>
    public Revision Revision { get; private set; }

    /// <summary>The records as they are; the reader is valid until the next command.</summary>
    public RecordReader Records => new(_records.Current);

    /// <summary>The bytes of all records, with what is kept beside keys and values.</summary>
    public long RecordBytes => _records.Bytes;

    /// <summary>How many sessions are open.</summary>
    public int SessionCount => _sessions.Count;

    /// <summary>How many answers are remembered for sessions.</summary>
    public int SessionResultCount => _sessions.ResultCount;

    /// <summary>How many idempotency keys are remembered.</summary>
    public int KeyCount => _keys.Count;

    /// <summary>How many change events the history holds.</summary>
    public int HistoryCount => _history.Count;

    /// <summary>The bytes of the history, counted by <see cref="ChangeEvent.SizeBytes"/>.</summary>
    public long HistoryBytes => _history.Bytes;

    /// <summary>Change events up to this revision are no longer in the history.</summary>
    public Revision CompactedRevision => _history.Compacted;

    /// <summary>The earliest expiry of a record: when a command must come so that it happens in time. Not after <see cref="AppliedTime"/> where more were due than
    /// one command removes. Null if no record ends.</summary>
    public WallTime? NextDueTime => _records.NextExpiry;

    internal long CopiedNodes => _records.CopiedNodes;

    /// <summary>Creates the state of a bucket to which no command was applied.</summary>
    /// <param name="limits">Equal on all replicas of the bucket.</param>
    /// <exception cref="ArgumentException">The limits break a rule; the message names all of them.</exception>
    public static BucketState Create(BucketLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        var errors = limits.FindErrors();
        return errors.Count == 0 ? new BucketState(limits) : throw new ArgumentException(string.Join(' ', errors), nameof(limits));
    }

    /// <summary>Applies the data of the next committed entry.</summary>
    /// <param name="data">An encoded command, or nothing: the entry with which a leader opens its term. Not kept.</param>
    /// <exception cref="CorruptionException">The data is not a command. Nothing changed; the replica must stop.</exception>
    /// <exception cref="UnknownCommandException">The command is of a kind or level that this version does not know. Nothing changed; the replica must stop.</exception>
    public ApplyResult Apply(ReadOnlyMemory<byte> data)
    {
        Invariant.Check(!_isApplying, "an earlier command failed halfway");
        ClearEvents();
        if (data.IsEmpty)
        {
            return default;
        }

        var command = CommandCodec.Decode(data);
        if (command is RaiseFeatureLevelCommand { Level: > FeatureLevels.Supported } tooHigh)
        {
            throw new UnknownCommandException($"Feature level {tooHigh.Level} is above {FeatureLevels.Supported}, the highest that this version knows.");
        }

        _isApplying = true;
        PassTime(command.Stamp);
        var result = Execute(command);
        AppendToHistory();
        _isApplying = false;
        return result with { Events = _events.AsMemory(0, _eventCount) };
    }

    /// <summary>The state as it is, for good. Costs O(1); later commands copy what they touch.</summary>
    public BucketView TakeView() => new(Limits, FeatureLevel, AppliedTime, Revision)
    {
        RecordTree = _records.View(),
        Sessions = _sessions.View(),
        SessionResults = _sessions.ViewResults(),
        Keys = _keys.View(),
        KeysForgottenThrough = _keys.ForgottenThrough,
        History = _history.View(),
    };

    /// <inheritdoc cref="BucketView.ReadHistory"/>
    public HistoryPage ReadHistory(Revision from, int maxEvents, List<ChangeEvent> page)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxEvents, 1);
        ArgumentNullException.ThrowIfNull(page);
        return _history.Current.Read(from, maxEvents, page);
    }

    private void PassTime(WallTime stamp)
    {
        AppliedTime = stamp > AppliedTime ? stamp : AppliedTime;
        for (var i = 0; i < Limits.MaxExpirationsPerCommand && _records.TryGetDue(AppliedTime, out var due); i++)
        {
            RemoveRecord(ByKey.Of(due.Item), ChangeKind.Expired);
        }

        _sessions.EndIdle(AppliedTime);
        _keys.ForgetOld(AppliedTime);
    }

    private ApplyResult Execute(BucketCommand command)
    {
        switch (command)
        {
            case TransactionCommand transaction:
                return Decide(transaction);
            case SettleOutcomeCommand settle:
                return new ApplyResult(null, Settle(settle), IsRepeat: false, default);
            case RaiseFeatureLevelCommand raise:
                FeatureLevel = Math.Max(FeatureLevel, raise.Level);
                return default;
            default:
                return default;
        }
    }

    private void AddEvent(ChangeKind kind, PackedRecord record)
    {
        if (_eventCount == _events.Length)
        {
            Array.Resize(ref _events, 2 * _eventCount);
        }

        _events[_eventCount++] = new ChangeEvent(kind, record, AppliedTime);
    }

    private void ClearEvents()
    {
        // Events of the last command would keep its values alive.
        _events.AsSpan(0, _eventCount).Clear();
        _eventCount = 0;
    }

    private void AppendToHistory()
    {
        foreach (ref readonly var change in _events.AsSpan(0, _eventCount))
        {
            _history.Append(change);
        }

        _history.Trim(Limits.MaxHistoryEvents, Limits.MaxHistoryBytes);
    }
}
