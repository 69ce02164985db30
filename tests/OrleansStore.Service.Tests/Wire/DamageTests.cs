using OrleansStore.Service.Wire;

namespace OrleansStore.Service.Tests.Wire;

/// <summary>Bytes that no encoder wrote are refused by an exception that says so, or are the one encoding of something else; never anything in between.</summary>
public sealed class DamageTests
{
    [Fact, Trait("Category", "Property")]
    public void Payload_IsRefused_WhenCutAnywhere() => WireRandom.ForEachSeed(200, random =>
    {
        // At every byte; only inside the one value that makes a payload this long it is not at every one.
        var payload = Payloads.Random(random);
        for (var length = 0; length < payload.Length; length += length is < 4000 or > 64_000 ? 1 : 97)
        {
            var cut = payload[..length];
            Assert.Throws<CorruptionException>(() => Payloads.Recode(cut));
        }
    });

    [Fact, Trait("Category", "Property")]
    public void Payload_IsRefused_WhenBytesFollow() => WireRandom.ForEachSeed(2000, random =>
    {
        byte[] payload = [.. Payloads.Random(random), .. random.Bytes(1, 9)];
        Assert.Throws<CorruptionException>(() => Payloads.Recode(payload));
    });

    [Fact, Trait("Category", "Property")]
    public void Payload_IsRefusedOrCanonical_WhenChangedAtRandom()
    {
        const int seeds = 10_000;
        const int changesPerSeed = 10;
        var accepted = 0;
        var unknown = 0;
        WireRandom.ForEachSeed(seeds, random =>
        {
            var payload = Payloads.Random(random);
            for (var i = 0; i < changesPerSeed; i++)
            {
                Check(Change(payload, random), ref accepted, ref unknown);
            }
        });

        // All three ends must be met, or the test says less than it seems to.
        Assert.InRange(accepted, seeds, 9 * seeds);
        Assert.InRange(unknown, seeds / 10, seeds * 5);
    }

    [Fact, Trait("Category", "Property")]
    public void Payload_IsRefusedOrCanonical_WhenOnlyTheHeaderIsRight() => WireRandom.ForEachSeed(20_000, random =>
    {
        var ignored = 0;
        byte[] payload = [.. Payloads.Random(random).AsSpan(0, PayloadHeader.SizeBytes), .. random.Bytes(0, 60)];
        Check(payload, ref ignored, ref ignored);
    });

    private static void Check(byte[] payload, ref int accepted, ref int unknown)
    {
        byte[] recoded;
        try
        {
            recoded = Payloads.Recode(payload);
            accepted++;
        }
        catch (CorruptionException)
        {
            return;
        }
        catch (UnknownPayloadException)
        {
            unknown++;
            return;
        }

        Assert.Equal(Convert.ToHexString(payload), Convert.ToHexString(recoded));
    }

    private static byte[] Change(byte[] payload, WireRandom random)
    {
        var at = random.Below(payload.Length);

        // The first bytes are where the structure is: change them as often as all the rest.
        at = random.Chance(50) ? at : Math.Min(at, random.Below(80));
        switch (random.Below(6))
        {
            case 0:
                return [.. payload.AsSpan(0, at), .. payload.AsSpan(at + 1)];
            case 1:
                return [.. payload.AsSpan(0, at), (byte)random.Below(256), .. payload.AsSpan(at)];
            case 2:
                return [.. payload.AsSpan(0, at), .. Payloads.Random(random).AsSpan()];
            default:
                byte[] changed = [.. payload];
                for (var count = 1 + random.Below(3); count > 0; count--)
                {
                    changed[Math.Min(at + random.Below(4), changed.Length - 1)] = random.Chance(50)
                        ? (byte)(changed[at] ^ (1 << random.Below(8)))
                        : random.Pick<byte>(0, 1, 2, 0x7F, 0x80, 0xFF, (byte)random.Below(256));
                }

                return changed;
        }
    }
}
