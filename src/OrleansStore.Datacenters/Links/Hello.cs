using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using OrleansStore.Datacenters.Identity;
using OrleansStore.Service.Peers;

namespace OrleansStore.Datacenters.Links;

/// <summary>The first frame of each direction of a connection: who speaks, and which connection this is. All that follows on the connection belongs
/// to the identity in it.</summary>
/// <remarks>
/// Little-endian. The first six bytes are the same in every protocol version, so that two releases can at least name their versions.
/// <code>
/// offset size
///      0    4  "OSHI"
///      4    2  protocol version, 1
///      6    1  link class: 1 control, 2 bulk
///      7    1  phase of the sender's folder: 1 empty, 2 promised, 3 member, 4 joining
///      8    4  feature level
///     12    2  number of the sender's datacenter
///     14    2  number of the datacenter that is spoken to
///     16    4  bucket count
///     20    8  topology epoch
///     28    8  topology hash
///     36    8  incarnation of the sender's folder
///     44    8  session: process
///     52    8  session: number
///     60   16  store id; 0 where the phase is empty
///     76    1  length of the name, 1 to 63
///     77    1  number of founding members, 0 where the phase is empty
///     78       name of the sender's datacenter, ASCII
///              founding members by ascending datacenter, each: datacenter (2), incarnation (8)
/// </code>
/// </remarks>
/// <param name="LinkClass">Which connection of the session this is.</param>
/// <param name="To">Whom the sender believes to speak to.</param>
/// <param name="Session">The attempt it belongs to; the accepting side repeats the dialling side's.</param>
/// <param name="Identity">Who speaks.</param>
internal sealed record Hello(LinkClass LinkClass, DatacenterId To, LinkSessionId Session, PeerIdentity Identity)
{
    public const ushort ProtocolVersion = 1;

    private const int FixedBytes = 78;
    private const int FounderBytes = 10;

    private static ReadOnlySpan<byte> Magic => "OSHI"u8;

    public byte[] Encode()
    {
        var name = Encoding.ASCII.GetBytes(Identity.Name);
        var bytes = new byte[FixedBytes + name.Length + (FounderBytes * Identity.Founders.Length)];
        var target = bytes.AsSpan();
        Magic.CopyTo(target);
        BinaryPrimitives.WriteUInt16LittleEndian(target[4..], ProtocolVersion);
        target[6] = (byte)LinkClass;
        target[7] = (byte)Identity.Phase;
        BinaryPrimitives.WriteUInt32LittleEndian(target[8..], Identity.FeatureLevel);
        BinaryPrimitives.WriteUInt16LittleEndian(target[12..], Identity.Datacenter.Value);
        BinaryPrimitives.WriteUInt16LittleEndian(target[14..], To.Value);
        BinaryPrimitives.WriteInt32LittleEndian(target[16..], Identity.BucketCount);
        BinaryPrimitives.WriteUInt64LittleEndian(target[20..], Identity.Epoch.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(target[28..], Identity.TopologyHash);
        BinaryPrimitives.WriteUInt64LittleEndian(target[36..], Identity.Incarnation);
        BinaryPrimitives.WriteUInt64LittleEndian(target[44..], Session.Process);
        BinaryPrimitives.WriteUInt64LittleEndian(target[52..], Session.Number);
        BinaryPrimitives.WriteUInt128LittleEndian(target[60..], Identity.StoreId.Value);
        target[76] = (byte)name.Length;
        target[77] = (byte)Identity.Founders.Length;
        name.CopyTo(target[FixedBytes..]);
        target = target[(FixedBytes + name.Length)..];
        foreach (var (datacenter, incarnation) in Identity.Founders)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(target, datacenter.Value);
            BinaryPrimitives.WriteUInt64LittleEndian(target[2..], incarnation);
            target = target[FounderBytes..];
        }

        return bytes;
    }

    /// <exception cref="CorruptionException">The bytes are no hello of this protocol version, or a value is outside its range.</exception>
    public static Hello Decode(ReadOnlySpan<byte> source)
    {
        if (source.Length < 6 || !source[..4].SequenceEqual(Magic))
        {
            throw new CorruptionException("the first bytes are no hello");
        }

        var version = BinaryPrimitives.ReadUInt16LittleEndian(source[4..]);
        if (version != ProtocolVersion)
        {
            throw new CorruptionException($"protocol version differs: {ProtocolVersion} here, {version} at the peer");
        }

        if (source.Length < FixedBytes || source.Length != FixedBytes + source[76] + (FounderBytes * source[77]))
        {
            throw new CorruptionException($"a hello has {source.Length} bytes, which does not fit what it says of itself");
        }

        var linkClass = (LinkClass)source[6];
        if (linkClass is not (LinkClass.Control or LinkClass.Bulk))
        {
            throw new CorruptionException($"a hello has link class {(byte)linkClass}");
        }

        var session = new LinkSessionId(BinaryPrimitives.ReadUInt64LittleEndian(source[44..]), BinaryPrimitives.ReadUInt64LittleEndian(source[52..]));
        return new Hello(linkClass, new DatacenterId(BinaryPrimitives.ReadUInt16LittleEndian(source[14..])), session, DecodeIdentity(source));
    }

    private static PeerIdentity DecodeIdentity(ReadOnlySpan<byte> source)
    {
        try
        {
            return new PeerIdentity
            {
                Datacenter = new DatacenterId(BinaryPrimitives.ReadUInt16LittleEndian(source[12..])),
                Name = Encoding.ASCII.GetString(source.Slice(FixedBytes, source[76])),
                FeatureLevel = BinaryPrimitives.ReadUInt32LittleEndian(source[8..]),
                Incarnation = BinaryPrimitives.ReadUInt64LittleEndian(source[36..]),
                Phase = (FormationPhase)source[7],
                StoreId = new StoreId(BinaryPrimitives.ReadUInt128LittleEndian(source[60..])),
                Founders = DecodeFounders(source[(FixedBytes + source[76])..], source[77]),
                Epoch = new Epoch(BinaryPrimitives.ReadUInt64LittleEndian(source[20..])),
                TopologyHash = BinaryPrimitives.ReadUInt64LittleEndian(source[28..]),
                BucketCount = BinaryPrimitives.ReadInt32LittleEndian(source[16..]),
            }.Validated();
        }
        catch (ArgumentException exception)
        {
            throw new CorruptionException($"a hello has an impossible identity: {exception.Message}", exception);
        }
    }

    private static ImmutableArray<Founder> DecodeFounders(ReadOnlySpan<byte> source, int count)
    {
        var founders = ImmutableArray.CreateBuilder<Founder>(count);
        for (; founders.Count < count; source = source[FounderBytes..])
        {
            founders.Add(new Founder(new DatacenterId(BinaryPrimitives.ReadUInt16LittleEndian(source)), BinaryPrimitives.ReadUInt64LittleEndian(source[2..])));
        }

        return founders.MoveToImmutable();
    }
}
