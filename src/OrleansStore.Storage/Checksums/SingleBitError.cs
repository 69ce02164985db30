using System.Numerics;

namespace OrleansStore.Storage.Checksums;

/// <summary>Finds the one flipped bit that explains a CRC-32C mismatch.</summary>
/// <remarks>
/// <para>A CRC is linear: what two equally long messages differ in decides how their checksums differ (the syndrome), whatever else they hold.
/// The syndrome of a single flipped bit depends on nothing but its distance from the end, and no two distances below 2^31 share one.</para>
/// <para>So a mismatch either is explained by exactly one bit of the message, by one bit of the stored checksum, or by no single bit at all.
/// A random syndrome is explained by chance with a probability of (bits / 2^32); callers confirm the answer with a second checksum.</para>
/// </remarks>
public static class SingleBitError
{
    private const uint ReflectedPolynomial = 0x82F63B78;

    /// <summary>The result of <see cref="Locate"/> where the stored checksum is what was flipped.</summary>
    public const long InChecksum = -2;

    /// <summary>The result of <see cref="Locate"/> where no single bit explains the mismatch.</summary>
    public const long None = -1;

    /// <summary>Tells which bit of a message was flipped.</summary>
    /// <param name="expected">The stored checksum.</param>
    /// <param name="actual">The checksum of the message as it is; differs from <paramref name="expected"/>.</param>
    /// <param name="messageBytes">The length of the message.</param>
    /// <returns>The bit's number (byte * 8 + bit, lowest bit first), <see cref="InChecksum"/> or <see cref="None"/>. Takes time linear in the length.</returns>
    public static long Locate(uint expected, uint actual, long messageBytes)
    {
        var syndrome = expected ^ actual;
        if (BitOperations.PopCount(syndrome) == 1)
        {
            return InChecksum;
        }

        // The last bit that enters the register is the highest bit of the last byte; each earlier bit is shifted through once more.
        var contribution = ReflectedPolynomial;
        for (var bit = (messageBytes * 8) - 1; bit >= 0; bit--)
        {
            if (contribution == syndrome)
            {
                return bit;
            }

            contribution = (contribution >> 1) ^ (ReflectedPolynomial & (0u - (contribution & 1)));
        }

        return None;
    }
}
