using OrleansStore.Buckets.Binary;
using OrleansStore.Buckets.History;
using OrleansStore.Buckets.Records;
using OrleansStore.Buckets.Snapshots;
using OrleansStore.Buckets.StateMachine;
using OrleansStore.Buckets.Tests.StateMachine;

namespace OrleansStore.Buckets.Tests.Snapshots;

public sealed class SnapshotTests
{
    [Fact, Trait("Category", "Property")]
    public void RestoredState_IsEqual_AndBehavesEqually() => Seeds.ForEach(60, seed => RestoreAndGoOn(seed, 250));

    [Fact, Trait("Category", "Slow")]
    public void RestoredState_IsEqual_AndBehavesEqually_ForManySeeds() => Seeds.ForEach(2000, seed => RestoreAndGoOn(seed + 1_000_000, 500));

    private static void RestoreAndGoOn(ulong seed, int steps)
    {
        var random = new TestRandom(seed);
        var state = BucketState.Create(CommandGenerator.TightLimits(random));
        var generator = new CommandGenerator(random);
        var viewAt = random.Below(steps);
        BucketView? view = null;
        byte[] whenTaken = [];
        BucketState? restored = null;
        StateEncoder? encoder = null;
        var decoder = new StateDecoder();
        using var streamed = new MemoryStream();
        Span<byte> buffer = stackalloc byte[1000];
        for (var i = 0; i < steps; i++)
        {
            var command = generator.Next();
            var applied = state.Apply(command);
            if (i == viewAt)
            {
                view = state.TakeView();
                whenTaken = Make.Encode(state.TakeView());
                restored = Make.Decode(whenTaken, 1 + random.Below(40));
                encoder = new StateEncoder(view);
            }
            else if (restored is not null)
            {
                // The restored state does exactly what the original does.
                var again = restored.Apply(command);
                Assert.Equal((applied.Write, applied.Outcome, applied.IsRepeat), (again.Write, again.Outcome, again.IsRepeat));
                Assert.Equal(applied.Events.ToArray(), again.Events.ToArray());
            }

            // The view is encoded while writes go on.
            if (encoder is not null)
            {
                var piece = buffer[..random.Below(50)];
                var written = encoder.Write(piece);
                Assert.Equal(encoder.IsCompleted ? written : piece.Length, written);
                decoder.Append(piece[..written]);
                streamed.Write(piece[..written]);
            }
        }

        while (!encoder!.IsCompleted)
        {
            var written = encoder.Write(buffer);
            decoder.Append(buffer[..written]);
            streamed.Write(buffer[..written]);
        }

        Assert.Equal(whenTaken, streamed.ToArray());
        Assert.Equal(whenTaken, Make.Encode(decoder.Complete().TakeView()));
        Assert.Equal(whenTaken, Make.Encode(view!, 1 + random.Below(100)));
        Assert.Equal(Make.Encode(state.TakeView()), Make.Encode(restored!.TakeView()));
        Assert.Equal(StateHash.Compute(state.TakeView()), StateHash.Compute(restored.TakeView()));
    }

    [Fact, Trait("Category", "Unit")]
    public void Hash_IsThatOfTheBytes_AndDiffersWithTheState()
    {
        var state = BucketState.Create(BucketLimits.Default);
        state.Put(0, "a", "1");
        var bytes = Make.Encode(state.TakeView());
        var hash = StateHash.Compute(state.TakeView());
        Assert.Equal(XxHash64.Compute(bytes.AsSpan(..^8)), hash);
        Assert.Equal(hash, BitConverter.ToUInt64(bytes.AsSpan(^8..)));

        state.Put(1, "a", "1");
        Assert.NotEqual(hash, StateHash.Compute(state.TakeView()));
        Assert.Throws<InvalidOperationException>(() => new StateEncoder(state.TakeView()).Hash);
    }

    [Fact, Trait("Category", "Unit")]
    public void RestoredHistory_SharesItsRecordsWithTheLiveOnes()
    {
        var state = BucketState.Create(BucketLimits.Default);
        state.Put(0, "a", "1");
        var restored = Make.Decode(Make.Encode(state.TakeView()));
        List<ChangeEvent> events = [];
        restored.ReadHistory(Revision.None, 10, events);
        Assert.True(restored.Records.TryGet(Make.Key("a"), out var record));
        Assert.Same(record.Item, events[0].Record.Item);
    }

    [Fact, Trait("Category", "Property")]
    public void Decoder_RefusesEveryFlippedBit() => Seeds.ForEach(3, seed =>
    {
        var bytes = RandomState(seed);
        for (var bit = 0; bit < bytes.Length * 8; bit += 1 + (int)(seed * 2))
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertRefused(bytes);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Make.Decode(bytes);
    });

    // With a right hash at the end, so that the checks behind the hash are met: whatever is accepted must be a state whose encoding is just these bytes.
    [Fact, Trait("Category", "Property")]
    public void Decoder_RefusesDamage_OrReadsItAsAnotherState() => Seeds.ForEach(40, seed =>
    {
        var random = new TestRandom(seed);
        var original = RandomState(seed);
        var (accepted, refused) = (0, 0);
        for (var i = 0; i < 400; i++)
        {
            var bytes = Damage(random, original);
            BitConverter.TryWriteBytes(bytes.AsSpan(^8..), XxHash64.Compute(bytes.AsSpan(..^8)));
            try
            {
                Assert.Equal(bytes, Make.Encode(Make.Decode(bytes).TakeView()));
                accepted++;
            }
            catch (Exception e) when (e is CorruptionException or UnknownStateFormatException)
            {
                refused++;
            }
        }

        Assert.True(refused > 100, $"accepted={accepted} refused={refused}");
    });

    [Fact, Trait("Category", "Unit")]
    public void Decoder_RefusesEveryPrefix_AndTrailingBytes()
    {
        var bytes = RandomState(1);
        for (var length = 0; length < bytes.Length; length++)
        {
            AssertRefused(bytes.AsSpan(..length));
        }

        AssertRefused([.. bytes, 0]);
    }

    [Fact, Trait("Category", "Unit")]
    public void Decoder_AllocatesLittle_WhateverLengthsAreClaimed()
    {
        var bytes = Make.Encode(BucketState.Create(BucketLimits.Default).TakeView());
        var header = StateFormat.HeaderBytes;
        bytes.AsSpan(header, 8).Fill(0x7F);
        bytes.AsSpan(header + 8, 4).Fill(0xFF);
        var before = GC.GetAllocatedBytesForCurrentThread();
        AssertRefused(bytes);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Theory, Trait("Category", "Unit")]
    [InlineData(4)]
    [InlineData(6)]
    public void Decoder_NamesAnUnknownFormatOrLevel(int offset)
    {
        var bytes = Make.Encode(BucketState.Create(BucketLimits.Default).TakeView());
        bytes[offset] = 2;
        Assert.Throws<UnknownStateFormatException>(() => Make.Decode(bytes));
    }

    [Fact, Trait("Category", "Unit")]
    public void PackedRecord_HoldsTheLargestRecord()
    {
        var owner = new RecordOwner(RecordOwnerKind.Intent, UInt128.MaxValue);
        var largest = Operation.Put(
            new StoreKey(NamespaceId.System, new byte[StoreLimits.MaxKeyBytes]),
            new byte[StoreLimits.MaxValueBytes],
            new string('x', StoreLimits.MaxContentTypeBytes),
            Expiry.At(WallTime.Max),
            owner);
        var state = BucketState.Create(BucketLimits.Default);
        state.Write(0, new Transaction([], [largest], StoreLimits.MaxValueBytes));
        Assert.Equal(PackedRecord.MaxBytes, state.RecordBytes);
        Assert.Equal(PackedRecord.MaxBytes, Make.Decode(Make.Encode(state.TakeView())).RecordBytes);
    }

    private static byte[] RandomState(ulong seed)
    {
        var random = new TestRandom(seed);
        var state = BucketState.Create(CommandGenerator.TightLimits(random) with { MaxHistoryBytes = 600, MaxSessions = 4, MaxKeys = 6 });
        var generator = new CommandGenerator(random);
        for (var i = 0; i < 150; i++)
        {
            state.Apply(generator.Next());
        }

        return Make.Encode(state.TakeView());
    }

    private static byte[] Damage(TestRandom random, byte[] original)
    {
        var bytes = original.ToList();
        for (var i = 1 + random.Below(2); i > 0; i--)
        {
            var at = random.Below(bytes.Count - 8);
            switch (random.Below(4))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Below(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next();
                    break;
                case 2:
                    bytes.RemoveAt(at);
                    break;
                default:
                    bytes.Insert(at, (byte)random.Next());
                    break;
            }
        }

        return [.. bytes];
    }

    private static void AssertRefused(ReadOnlySpan<byte> bytes)
    {
        try
        {
            Make.Decode(bytes);
        }
        catch (Exception e) when (e is CorruptionException or UnknownStateFormatException)
        {
            return;
        }

        Assert.Fail("Damaged bytes were accepted.");
    }
}
