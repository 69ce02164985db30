using System.Buffers.Binary;
using System.Collections.Immutable;
using OrleansStore.Placement;
using OrleansStore.Storage.Checksums;

namespace OrleansStore.Datacenters.Identity;

/// <summary>The file <c>formation.bin</c>: what a data folder is in its store. It is there before <c>store.json</c>, and stays beside it.</summary>
/// <remarks>
/// Little-endian.
/// <code>
/// offset size
///      0    4  "OSFM"
///      4    2  format version, 1
///      6    1  phase
///      7    1  flags: bit 0: store.json and the log were set up
///      8    4  length of the whole in bytes, checksum included
///     12    8  incarnation of the folder
///     20   16  store id
///     36    2  number of the own datacenter
///     38    2  number of founders
///     40    2  number of known incarnations
///     42    2  0, reserved
///     44    4  length of the topology
///     48       founders by ascending datacenter, each: datacenter (2), incarnation (8)
///              known incarnations, oldest first, each: datacenter (2), incarnation (8)
///              topology, as Topology.Encode gives it
///   last    4  CRC32C of everything before
/// </code>
/// </remarks>
internal sealed record FormationRecord
{
    public const string FileName = "formation.bin";

    /// <summary>Bounds what is read of a file that claims to be this one.</summary>
    public const int MaxBytes = 1 << 20;

    private const ushort FormatVersion = 1;
    private const int HeaderBytes = 48;
    private const int PairBytes = 10;
    private const int ChecksumBytes = 4;

    private static ReadOnlySpan<byte> Magic => "OSFM"u8;

    public required DatacenterId Datacenter { get; init; }

    public required ulong Incarnation { get; init; }

    public required FormationPhase Phase { get; init; }

    public required Topology Topology { get; init; }

    public StoreId StoreId { get; init; }

    public ImmutableArray<Founder> Founders { get; init; } = [];

    /// <summary>Every incarnation of every datacenter that was seen to hold the store, in the order in which each was first seen; the last of a datacenter is
    /// its present one.</summary>
    public ImmutableArray<Founder> Known { get; init; } = [];

    /// <summary>Whether <c>store.json</c> and the log stood once. Where they are gone then, the folder has forgotten votes.</summary>
    public bool IsSetUp { get; init; }

    public PeerIdentity ToIdentity() => new PeerIdentity
    {
        Datacenter = Datacenter,
        Name = Topology.Find(Datacenter)?.Name ?? string.Empty,
        Incarnation = Incarnation,
        Phase = Phase,
        StoreId = StoreId,
        Founders = Founders,
        Epoch = Topology.Epoch,
        TopologyHash = Topology.Hash,
        BucketCount = Topology.BucketCount.Value,
    }.Validated();

    public byte[] Encode()
    {
        var topology = Topology.Encode();
        var bytes = new byte[HeaderBytes + (PairBytes * (Founders.Length + Known.Length)) + topology.Length + ChecksumBytes];
        var target = bytes.AsSpan();
        Magic.CopyTo(target);
        BinaryPrimitives.WriteUInt16LittleEndian(target[4..], FormatVersion);
        target[6] = (byte)Phase;
        target[7] = IsSetUp ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32LittleEndian(target[8..], bytes.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(target[12..], Incarnation);
        BinaryPrimitives.WriteUInt128LittleEndian(target[20..], StoreId.Value);
        BinaryPrimitives.WriteUInt16LittleEndian(target[36..], Datacenter.Value);
        BinaryPrimitives.WriteUInt16LittleEndian(target[38..], (ushort)Founders.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(target[40..], (ushort)Known.Length);
        BinaryPrimitives.WriteInt32LittleEndian(target[44..], topology.Length);
        target = target[HeaderBytes..];
        foreach (var (datacenter, incarnation) in Founders.AddRange(Known))
        {
            BinaryPrimitives.WriteUInt16LittleEndian(target, datacenter.Value);
            BinaryPrimitives.WriteUInt64LittleEndian(target[2..], incarnation);
            target = target[PairBytes..];
        }

        topology.CopyTo(target);
        BinaryPrimitives.WriteUInt32LittleEndian(target[topology.Length..], Crc32C.Compute(bytes.AsSpan(0, bytes.Length - ChecksumBytes)));
        return bytes;
    }

    /// <exception cref="CorruptionException">The file is damaged.</exception>
    /// <exception cref="StoreException">Its format is newer.</exception>
    public static FormationRecord Decode(string path, ReadOnlySpan<byte> source)
    {
        if (source.Length < HeaderBytes + ChecksumBytes || !source[..4].SequenceEqual(Magic))
        {
            throw new CorruptionException(path, 0, "a formation record", $"{source.Length} other bytes");
        }

        var expected = Crc32C.Compute(source[..^ChecksumBytes]);
        var actual = BinaryPrimitives.ReadUInt32LittleEndian(source[^ChecksumBytes..]);
        if (expected != actual || BinaryPrimitives.ReadInt32LittleEndian(source[8..]) != source.Length)
        {
            throw new CorruptionException(path, source.Length - ChecksumBytes, $"checksum {expected:x8}", $"{actual:x8}");
        }

        var version = BinaryPrimitives.ReadUInt16LittleEndian(source[4..]);
        if (version != FormatVersion)
        {
            throw new StoreException(ErrorCode.UnsupportedFormat, $"{path} has format version {version}; this release reads version {FormatVersion}.");
        }

        try
        {
            var record = Read(source);
            _ = record.ToIdentity();
            return record;
        }
        catch (Exception exception) when (exception is ArgumentException or CorruptionException)
        {
            throw new CorruptionException($"{path} has a valid checksum but not the content of format {FormatVersion}: {exception.Message}", exception);
        }
    }

    private static FormationRecord Read(ReadOnlySpan<byte> source)
    {
        var (founders, known) = (BinaryPrimitives.ReadUInt16LittleEndian(source[38..]), BinaryPrimitives.ReadUInt16LittleEndian(source[40..]));
        var topologyBytes = BinaryPrimitives.ReadInt32LittleEndian(source[44..]);
        if (source[7] > 1 || topologyBytes < 0 || (long)HeaderBytes + (PairBytes * (founders + known)) + topologyBytes + ChecksumBytes != source.Length)
        {
            throw new ArgumentException($"flags {source[7]}, {founders} founders, {known} incarnations and {topologyBytes} bytes of topology in {source.Length} bytes");
        }

        var rest = source[HeaderBytes..];
        return new FormationRecord
        {
            Phase = (FormationPhase)source[6],
            IsSetUp = source[7] == 1,
            Incarnation = BinaryPrimitives.ReadUInt64LittleEndian(source[12..]),
            StoreId = new StoreId(BinaryPrimitives.ReadUInt128LittleEndian(source[20..])),
            Datacenter = new DatacenterId(BinaryPrimitives.ReadUInt16LittleEndian(source[36..])),
            Founders = ReadPairs(ref rest, founders),
            Known = ReadPairs(ref rest, known),
            Topology = Topology.Decode(rest[..topologyBytes]),
        };
    }

    private static ImmutableArray<Founder> ReadPairs(ref ReadOnlySpan<byte> source, int count)
    {
        var pairs = ImmutableArray.CreateBuilder<Founder>(count);
        for (; pairs.Count < count; source = source[PairBytes..])
        {
            pairs.Add(new Founder(new DatacenterId(BinaryPrimitives.ReadUInt16LittleEndian(source)), BinaryPrimitives.ReadUInt64LittleEndian(source[2..])));
        }

        return pairs.MoveToImmutable();
    }
}
