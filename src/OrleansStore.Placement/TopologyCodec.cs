using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics;
using System.Text;
using OrleansStore.Placement.Hashing;

namespace OrleansStore.Placement;

/// <summary>The stored form of a topology. All numbers are little-endian; one value has exactly one form.</summary>
/// <remarks>
/// <code>
/// offset size
///      0    4  "OSTP"
///      4    2  format version, 1
///      6    2  flags; 0, reserved
///      8    4  length of the whole in bytes, checksum included
///     12    8  epoch
///     20    1  log2 of the bucket count
///     21    1  split generation of all buckets; 0, reserved
///     22    2  highest datacenter number ever given
///     24       goal
///              for each datacenter of the goal: name length (1), name (ASCII)
///              number of past goals (2), past goals, oldest first
///              number of sections (2); 0: room for per-bucket policies and split generations, each section kind (2), length (4), bytes
///   last    4  CRC32C of everything before
///
/// goal: offset size
///            0    1  replication factor: full voters of each bucket
///            1    1  learners of each bucket; 0, reserved
///            2    1  witnesses of each bucket; 0, reserved
///            3    1  0, reserved
///            4    2  number of the datacenter of all primaries, or 0
///            6    2  number of datacenters
///            8    8  each: number (2), part (1: holds full replicas; other values reserved), 0 (1), weight (4)
/// </code>
/// A reader refuses reserved values that are set: they belong to a later format, and what it does not know it must not ignore (invariant 13).
/// </remarks>
internal static class TopologyCodec
{
    private const ushort FormatVersion = 1;
    private const byte FullReplicas = 1;
    private const int HeaderBytes = 24;
    private const int ChecksumBytes = 4;

    // The ASCII bytes "OrleansStoretopo": another key than that of key hashes.
    private const ulong HashKey0 = KeyHash.Key0;
    private const ulong HashKey1 = 0x6f706f7465726f74UL;

    private static ReadOnlySpan<byte> Magic => "OSTP"u8;

    public static ulong Hash(Topology topology) => SipHash24.Hash(HashKey0, HashKey1, Encode(topology).AsSpan()[..^ChecksumBytes]);

    public static byte[] Encode(Topology topology)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.ASCII);
        writer.Write(Magic);
        writer.Write(FormatVersion);
        writer.Write((ushort)0);
        writer.Write(0); // The length is filled in below.
        writer.Write(topology.Epoch.Value);
        writer.Write(topology.BucketCount.Log2);
        writer.Write((byte)0);
        writer.Write(topology.LastDatacenter.Value);
        WriteGoal(writer, topology.Goal);
        foreach (var datacenter in topology.Datacenters)
        {
            writer.Write((byte)datacenter.Name.Length);
            writer.Write(Encoding.ASCII.GetBytes(datacenter.Name));
        }

        writer.Write((ushort)topology.PastGoals.Length);
        foreach (var goal in topology.PastGoals)
        {
            WriteGoal(writer, goal);
        }

        writer.Write((ushort)0);
        writer.Write(0); // The checksum is filled in below.
        writer.Flush();

        var bytes = stream.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), bytes.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan()[^ChecksumBytes..], Checksum(bytes.AsSpan()[..^ChecksumBytes]));
        return bytes;
    }

    public static Topology Decode(ReadOnlySpan<byte> bytes)
    {
        CheckFrame(bytes);
        try
        {
            var topology = Read(bytes[..^ChecksumBytes]);
            return topology.Encode().AsSpan().SequenceEqual(bytes)
                ? topology
                : throw Damage("the bytes are not the one form of the value they hold");
        }
        catch (Exception exception) when (exception is EndOfStreamException or ArgumentException)
        {
            throw new CorruptionException($"Stored topology: {exception.Message}", exception);
        }
    }

    private static void CheckFrame(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes + ChecksumBytes || !bytes.StartsWith(Magic))
        {
            throw Damage($"{bytes.Length} bytes that do not start as a topology does");
        }

        // The version is read before the checksum: a later format may place that elsewhere.
        var version = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        if (version != FormatVersion)
        {
            throw Damage($"format version {version}, but this version of the program reads {FormatVersion}");
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (length != bytes.Length)
        {
            throw Damage($"{bytes.Length} bytes where {length} were written");
        }

        var expected = BinaryPrimitives.ReadUInt32LittleEndian(bytes[^ChecksumBytes..]);
        var actual = Checksum(bytes[..^ChecksumBytes]);
        if (expected != actual)
        {
            throw Damage($"checksum {actual:x8} where {expected:x8} was written");
        }
    }

    private static Topology Read(ReadOnlySpan<byte> bytes)
    {
        using var stream = new MemoryStream(bytes.ToArray(), writable: false);
        using var reader = new BinaryReader(stream, Encoding.ASCII);
        stream.Position = Magic.Length + sizeof(ushort);
        Expect(0, reader.ReadUInt16(), "flags");
        reader.ReadInt32();
        var epoch = new Epoch(reader.ReadUInt64());
        var bucketCountLog2 = reader.ReadByte();
        Expect(0, reader.ReadByte(), "split generation");
        var lastDatacenter = new DatacenterId(reader.ReadUInt16());
        var goal = ReadGoal(reader);
        var datacenters = goal.Datacenters.Select(datacenter => new Datacenter(datacenter.Id, ReadName(reader), datacenter.Weight)).ToImmutableArray();
        var pastGoals = ImmutableArray.CreateBuilder<PlacementGoal>();
        for (var count = reader.ReadUInt16(); count > 0; count--)
        {
            pastGoals.Add(ReadGoal(reader));
        }

        Expect(0, reader.ReadUInt16(), "number of sections");
        Expect(0, (int)(stream.Length - stream.Position), "number of bytes after the last section");
        Check(epoch, bucketCountLog2, lastDatacenter, datacenters, goal, pastGoals);
        return new Topology(epoch, new BucketCount(1 << bucketCountLog2), lastDatacenter, datacenters, goal, pastGoals.ToImmutable());
    }

    private static void Check(
        Epoch epoch,
        byte bucketCountLog2,
        DatacenterId lastDatacenter,
        ImmutableArray<Datacenter> datacenters,
        PlacementGoal goal,
        ImmutableArray<PlacementGoal>.Builder pastGoals)
    {
        // A past goal has no names; any that are valid and distinct serve to check the rest of it by the same rules.
        var drafts = pastGoals.Select(past => DraftOf(past, [.. past.Datacenters.Select(Anonymous)])).Append(DraftOf(goal, datacenters));
        var errors = drafts.SelectMany(draft => TopologyRules.Check(draft)).ToList();
        var ids = pastGoals.Append(goal).SelectMany(each => each.Datacenters).Select(datacenter => datacenter.Id).ToList();
        if (bucketCountLog2 > BitOperations.Log2(BucketCount.Max))
        {
            errors.Add($"The bucket count is 2 to the power of {bucketCountLog2}.");
        }

        if (epoch == Epoch.None)
        {
            errors.Add("The epoch is 0.");
        }

        if (pastGoals.Count > Topology.MaxPastGoals)
        {
            errors.Add($"There are {pastGoals.Count} past goals, but at most {Topology.MaxPastGoals} are kept.");
        }

        if (ids.Count > 0 && ids.Max() > lastDatacenter)
        {
            errors.Add($"Datacenter {ids.Max()} stands above {lastDatacenter}, the highest number ever given.");
        }

        if (errors.Count > 0)
        {
            throw Damage(string.Join(' ', errors));
        }
    }

    private static TopologyDraft DraftOf(PlacementGoal goal, ImmutableArray<Datacenter> datacenters) => new()
    {
        Datacenters = datacenters,
        ReplicationFactor = goal.ReplicationFactor,
        PrimaryDatacenter = goal.PrimaryDatacenter,
    };

    private static Datacenter Anonymous(DatacenterWeight datacenter, int index) => new(datacenter.Id, $"past{index}", datacenter.Weight);

    private static void WriteGoal(BinaryWriter writer, PlacementGoal goal)
    {
        writer.Write((byte)goal.ReplicationFactor);
        writer.Write((byte)0);
        writer.Write((byte)0);
        writer.Write((byte)0);
        writer.Write(goal.PrimaryDatacenter.Value);
        writer.Write((ushort)goal.Datacenters.Length);
        foreach (var (id, weight) in goal.Datacenters)
        {
            writer.Write(id.Value);
            writer.Write(FullReplicas);
            writer.Write((byte)0);
            writer.Write(weight);
        }
    }

    private static PlacementGoal ReadGoal(BinaryReader reader)
    {
        var replicationFactor = reader.ReadByte();
        Expect(0, reader.ReadByte(), "learners of each bucket");
        Expect(0, reader.ReadByte(), "witnesses of each bucket");
        Expect(0, reader.ReadByte(), "reserved byte of a goal");
        var primary = new DatacenterId(reader.ReadUInt16());
        var datacenters = ImmutableArray.CreateBuilder<DatacenterWeight>();
        for (var count = reader.ReadUInt16(); count > 0; count--)
        {
            var id = new DatacenterId(reader.ReadUInt16());
            Expect(FullReplicas, reader.ReadByte(), $"part of datacenter {id}");
            Expect(0, reader.ReadByte(), $"reserved byte of datacenter {id}");
            datacenters.Add(new DatacenterWeight(id, reader.ReadInt32()));
            if (datacenters.Count > 1 && datacenters[^2].Id >= id)
            {
                throw Damage($"datacenter {id} stands after {datacenters[^2].Id}");
            }
        }

        return new PlacementGoal(replicationFactor, primary, datacenters.ToImmutable());
    }

    private static string ReadName(BinaryReader reader)
    {
        var length = reader.ReadByte();
        var name = reader.ReadBytes(length);
        return name.Length == length ? Encoding.ASCII.GetString(name) : throw new EndOfStreamException("a name is cut off");
    }

    private static void Expect(int expected, int actual, string what)
    {
        if (actual != expected)
        {
            throw Damage($"{what} is {actual}, but this version of the program knows only {expected}");
        }
    }

    private static CorruptionException Damage(string what) => new($"Stored topology: {what}");

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
