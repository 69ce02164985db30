using BenchmarkDotNet.Attributes;
using OrleansStore.Buckets.Commands;
using OrleansStore.Buckets.StateMachine;

namespace OrleansStore.Benchmarks;

/// <summary>The replicated state of one bucket: its ordered map, with what a command keeps beside it.</summary>
[MemoryDiagnoser]
public class MapBenchmarks
{
    private const int Keys = 10_000;

    private readonly StoreKey[] _keys = [.. Enumerable.Range(0, Keys).Select(i => StoreKey.FromText($"key/{i:D12}"))];
    private readonly ReadOnlyMemory<byte>[] _puts = new ReadOnlyMemory<byte>[Keys];
    private BucketState _state = null!;
    private int _next;

    [GlobalSetup]
    public void Fill()
    {
        _state = BucketState.Create(BucketLimits.Default);
        for (var i = 0; i < Keys; i++)
        {
            var put = Transaction.Of(Operation.Put(_keys[i], new byte[256], "application/octet-stream"));
            _puts[i] = CommandCodec.Encode(new TransactionCommand(new WallTime(1_900_000_000_000), default, put));
            _state.Apply(_puts[i]);
        }
    }

    [Benchmark]
    public Revision Put() => _state.Apply(_puts[Next()]).Write!.Revision;

    /// <summary>A put after a view was taken: the path to the record is copied.</summary>
    [Benchmark]
    public Revision PutBesideAView()
    {
        _state.TakeView();
        return Put();
    }

    [Benchmark]
    public bool Get() => _state.Records.TryGet(_keys[Next()], out _);

    // A prime step visits all keys, in no order that a cache would like.
    private int Next() => _next = (_next + 7_919) % Keys;
}
