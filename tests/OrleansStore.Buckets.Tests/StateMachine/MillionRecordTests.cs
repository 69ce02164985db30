using System.Diagnostics;
using OrleansStore.Buckets.Commands;
using OrleansStore.Buckets.Snapshots;
using OrleansStore.Buckets.StateMachine;
using Xunit.Abstractions;

namespace OrleansStore.Buckets.Tests.StateMachine;

/// <summary>A bucket of a million records with keys of 16 and values of 256 bytes.</summary>
public sealed class MillionRecordTests(ITestOutputHelper output)
{
    private const int Count = 1_000_000;
    private const int KeyBytes = 16;
    private const int ValueBytes = 256;

    // Counted in copied nodes, not in time: a view costs nothing, and a write after it the nodes on its way.
    [Fact, Trait("Category", "Slow")]
    public void TakeView_CopiesNothing_AndLaterWritesOnlyWhatTheyTouch()
    {
        var state = Fill(out _);
        Assert.Equal(0, state.CopiedNodes);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var view = state.TakeView();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 1000);
        Assert.Equal(0, state.CopiedNodes);

        for (var i = 0; i < 100; i++)
        {
            state.Apply(PutOf(i * 7919));
            Assert.InRange(state.CopiedNodes, 1, 4 * (i + 1));
        }

        Assert.Equal(Count, view.Records.Count);
    }

    [Fact, Trait("Category", "Slow")]
    public void Record_CostsItsValueAnd200BytesAtMost()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var state = Fill(out var putNanoseconds);
        var bytes = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / Count;
        output.WriteLine($"{bytes:F0} bytes per record, {bytes - ValueBytes:F0} beyond the value");
        output.WriteLine($"{putNanoseconds:F0} ns per applied put, in random order, encoding and decoding of the command included");
        MeasureReads(state);
        Assert.InRange(bytes, ValueBytes, ValueBytes + 200);
    }

    private void MeasureReads(BucketState state)
    {
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Count; i++)
        {
            Assert.True(state.Records.TryGet(KeyOf(i), out _));
        }

        output.WriteLine($"{clock.Elapsed.TotalNanoseconds / Count:F0} ns per read");
        clock.Restart();
        var encoder = new StateEncoder(state.TakeView());
        var buffer = new byte[64 * 1024];
        long encoded = 0;
        while (!encoder.IsCompleted)
        {
            encoded += encoder.Write(buffer);
        }

        output.WriteLine($"{encoded / clock.Elapsed.TotalSeconds / 1e6:F0} MB/s encoded with hash, {encoded / 1e6:F0} MB");
    }

    private static BucketState Fill(out double putNanoseconds)
    {
        var state = BucketState.Create(BucketLimits.Default with { MaxHistoryEvents = 0 });
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Count; i++)
        {
            state.Apply(PutOf(i));
        }

        putNanoseconds = clock.Elapsed.TotalNanoseconds / Count;
        return state;
    }

    private static byte[] PutOf(int number) =>
        CommandCodec.Encode(new TransactionCommand(Make.At(number), default, Transaction.Of(Operation.Put(KeyOf(number), new byte[ValueBytes]))));

    private static StoreKey KeyOf(int number)
    {
        var key = new byte[KeyBytes];
        var random = new TestRandom((ulong)number);
        BitConverter.TryWriteBytes(key, random.Next());
        BitConverter.TryWriteBytes(key.AsSpan(8), random.Next());
        return new StoreKey(NamespaceId.Default, key);
    }
}
