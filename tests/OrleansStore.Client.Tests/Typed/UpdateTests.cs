using System.Text;
using OrleansStore.Client.Tests.Support;

namespace OrleansStore.Client.Tests.Typed;

/// <summary>Updates take effect once, whatever becomes of their writes.</summary>
[Collection(RealStoreCollection.Name), Trait("Category", "Integration")]
public sealed class UpdateTests : IDisposable
{
    private readonly HttpStore _real;
    private readonly FaultyStore _faulty;
    private readonly IStore<Counter> _counters;
    private readonly StoreKey _key = StoreKey.FromText(TestKeys.Unique() + "n");

    public UpdateTests(RealStore real)
    {
        _real = real.Connect();
        _faulty = new FaultyStore(_real);
        _counters = _faulty.As(TestJson.Default.Counter);
    }

    [Fact]
    public async Task Update_CreatesChangesAndDeletes()
    {
        var created = await _counters.UpdateAsync(_key, item => item is null ? new Counter(1) : throw new InvalidOperationException());
        var changed = await _counters.UpdateAsync(_key, item => new Counter(item!.Value.Count + 1));
        var read = await _counters.GetAsync(_key);
        var left = await _counters.UpdateAsync(_key, _ => Change<Counter>.None);
        var deleted = await _counters.UpdateAsync(_key, _ => Change<Counter>.Delete);
        var again = await _counters.UpdateAsync(_key, _ => Change<Counter>.Delete);

        Assert.Equal(new Counter(1), Assert.IsType<UpdateOutcome<Counter>.Applied>(created).Item!.Value);
        Assert.Equal(read, Assert.IsType<UpdateOutcome<Counter>.Applied>(changed).Item);
        Assert.Equal(read, Assert.IsType<UpdateOutcome<Counter>.Unchanged>(left).Item);
        Assert.Null(Assert.IsType<UpdateOutcome<Counter>.Applied>(deleted).Item);
        Assert.Null(Assert.IsType<UpdateOutcome<Counter>.Unchanged>(again).Item);
        Assert.Null(await _counters.GetAsync(_key));
    }

    [Fact]
    public async Task Update_BeginsAgain_WhenSomebodyElseWasFaster()
    {
        var rounds = 0;
        _faulty.OnCommit = async (_, _) =>
        {
            if (rounds == 1)
            {
                await _real.PutAsync(_key, Encoding.UTF8.GetBytes("""{"Count":10}"""));
            }

            return null;
        };

        var outcome = await _counters.UpdateAsync(_key, item =>
        {
            rounds++;
            return new Counter((item?.Value.Count ?? 0) + 1);
        });

        Assert.Equal(new Counter(11), outcome.ThrowIfUnknown()!.Value);
        Assert.Equal(2, rounds);
    }

    [Fact]
    public async Task Update_IsAppliedOnce_WhenTheAnswerToItsWriteWasLost()
    {
        _faulty.OnCommit = LoseTheAnswerAsync;

        var outcome = await _counters.UpdateAsync(_key, item => new Counter((item?.Value.Count ?? 0) + 1));

        Assert.IsType<UpdateOutcome<Counter>.Applied>(outcome);
        Assert.Equal(outcome.ThrowIfUnknown(), await _counters.GetAsync(_key));
        Assert.Equal(1, (await _counters.GetAsync(_key))!.Value.Count);
    }

    [Fact]
    public async Task Update_BeginsAgain_WhenItsWriteWasLostAndSettledAsNever()
    {
        var lost = false;
        WriteOptions? late = null;
        Transaction? lateWrite = null;
        _faulty.OnCommit = (transaction, _) =>
        {
            if (lost)
            {
                return Task.FromResult<WriteOutcome?>(null);
            }

            lost = true;
            (late, lateWrite) = (new WriteOptions { IdempotencyKey = TestKeys.Unique() + "late" }, transaction);
            return Task.FromResult<WriteOutcome?>(new WriteOutcome.Unknown(RequestId.ForKey(late.IdempotencyKey!)));
        };

        var outcome = await _counters.UpdateAsync(_key, item => new Counter((item?.Value.Count ?? 0) + 1));
        var e = await Assert.ThrowsAsync<StoreException>(async () => await _real.CommitAsync(lateWrite!, late));

        Assert.Equal(1, outcome.ThrowIfUnknown()!.Value.Count);
        Assert.Equal(ErrorCode.RequestExpired, e.Code);
        Assert.Equal(1, (await _counters.GetAsync(_key))!.Value.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Update_EndsAsUnknown_WhenItCannotBeSettled(bool isExpired)
    {
        _faulty.OnCommit = LoseTheAnswerAsync;
        _faulty.OnOutcome = _ => isExpired
            ? Task.FromResult<OutcomeResult?>(new OutcomeResult(OutcomeStatus.Expired))
            : throw new StoreException(ErrorCode.Unavailable, "nobody", isTransient: true);

        var outcome = await _counters.UpdateAsync(_key, _ => new Counter(1));

        Assert.NotEqual(RequestId.None, Assert.IsType<UpdateOutcome<Counter>.Unknown>(outcome).RequestId);
        Assert.Equal(ErrorCode.OutcomeUnknown, Assert.Throws<StoreException>(() => outcome.ThrowIfUnknown()).Code);
    }

    [Fact]
    public async Task Update_GivesUp_WhenOthersAreAlwaysFaster()
    {
        _faulty.OnCommit = (_, _) => Task.FromResult<WriteOutcome?>(new WriteOutcome.PreconditionFailed(RequestId.ForKey("x"), 0));

        var e = await Assert.ThrowsAsync<StoreException>(async () => await _counters.UpdateAsync(_key, _ => new Counter(1)));

        Assert.Equal((ErrorCode.Throttled, true), (e.Code, e.IsTransient));
    }

    [Fact]
    public async Task TypedReads_Fail_WhenTheBytesAreNoSuchValue()
    {
        await _real.PutAsync(_key, "no json"u8.ToArray());

        await Assert.ThrowsAsync<FormatException>(async () => await _counters.GetAsync(_key));
        Assert.Throws<ArgumentException>(() => _counters.ScanAsync(new ScanOptions { IncludeValues = false }));
    }

    [Fact]
    public async Task TypedScan_ReturnsValues()
    {
        (await _counters.PutAsync(_key, new Counter(5), WriteCondition.NotExists)).ThrowIfNotApplied();
        List<StoreItem<Counter>> items = [];

        await foreach (var item in _counters.ScanAsync(new ScanOptions { Prefix = _key.Bytes }))
        {
            items.Add(item);
        }

        Assert.Equal(new Counter(5), Assert.Single(items).Value);
        Assert.Equal(new Counter(5), (await _real.AsJson<Counter>().GetAsync(_key))!.Value);
        Assert.Equal("application/json", (await _real.GetAsync(_key))!.ContentType);
        Assert.True((await _counters.DeleteAsync(_key)).ThrowIfNotApplied().HasChanged);
    }

    public void Dispose() => _real.Dispose();

    private async Task<WriteOutcome?> LoseTheAnswerAsync(Transaction transaction, WriteOptions? options) =>
        new WriteOutcome.Unknown((await _real.CommitAsync(transaction, options)).RequestId);
}
