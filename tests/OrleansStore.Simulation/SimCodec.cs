namespace OrleansStore.Simulation;

/// <summary>The payloads of a later release that only the simulation knows: all but kind and version is written otherwise.</summary>
internal static class SimCodec
{
    /// <summary>The release that production is.</summary>
    public const byte Current = 1;

    /// <summary>The one after it.</summary>
    public const byte Next = 2;

    private const int VersionOffset = 1;

    /// <summary>Writes a payload of production as a release would.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> payload, byte release)
    {
        var encoded = payload.ToArray();
        if (release == Next)
        {
            Turn(encoded);
            encoded[VersionOffset] = Next;
        }

        return encoded;
    }

    /// <summary>What production makes of a payload in a process of some release.</summary>
    /// <returns>Null for what this release cannot read: production is shown it as it came.</returns>
    public static byte[]? Decode(byte[] payload, byte release)
    {
        if (payload[VersionOffset] == Current)
        {
            return payload;
        }

        if (release < payload[VersionOffset])
        {
            return null;
        }

        var decoded = payload.ToArray();
        Turn(decoded);
        decoded[VersionOffset] = Current;
        return decoded;
    }

    private static void Turn(Span<byte> payload)
    {
        foreach (ref var b in payload[(VersionOffset + 1)..])
        {
            b = (byte)~b;
        }
    }
}
