using System.Buffers.Binary;
using System.Collections.Immutable;

namespace OrleansStore.Consensus.Membership;

/// <summary>A proposed change of a group's members (Raft thesis, sections 4.1 and 4.3).</summary>
/// <remarks>
/// The encoding, little-endian:
/// <code>
/// offset 0   1 byte   format version, 1
///        1   1 byte   ConfigTransition
///        2   2 bytes  number of changes
///        4   9 bytes each: 1 byte ConfigChangeType, 8 bytes replica id
/// </code>
/// No checksum: log entries have one where they are stored and sent.
/// </remarks>
/// <param name="Transition">How the change takes effect.</param>
/// <param name="Changes">The steps, applied in order. None, with <see cref="ConfigTransition.Auto"/>: leave the joint configuration.</param>
public sealed record ConfigChange(ConfigTransition Transition, ImmutableArray<MemberChange> Changes)
{
    private const byte FormatVersion = 1;
    private const int HeaderBytes = 4;
    private const int ChangeBytes = 9;

    /// <summary>The change that ends a joint configuration.</summary>
    public static readonly ConfigChange LeaveJoint = new(ConfigTransition.Auto, []);

    /// <summary>Whether this change ends a joint configuration.</summary>
    public bool IsLeaveJoint => Transition == ConfigTransition.Auto && Changes.IsEmpty;

    /// <summary>Whether this change goes through a joint configuration.</summary>
    public bool EntersJoint => Transition != ConfigTransition.Auto || Changes.Length > 1;

    /// <summary>Whether the joint configuration that this change enters is left by the leader itself.</summary>
    public bool AutoLeave => Transition != ConfigTransition.JointExplicit;

    /// <summary>Reads an encoded change.</summary>
    /// <param name="data">What <see cref="Encode"/> gave.</param>
    /// <exception cref="CorruptionException">The bytes are no change of a known format.</exception>
    public static ConfigChange Decode(ReadOnlySpan<byte> data)
    {
        if (data.Length < HeaderBytes || data[0] != FormatVersion)
        {
            throw new CorruptionException($"A configuration change of {data.Length} bytes has no header of format {FormatVersion}.");
        }

        var count = BinaryPrimitives.ReadUInt16LittleEndian(data[2..]);
        var transition = (ConfigTransition)data[1];
        if (transition is < ConfigTransition.Auto or > ConfigTransition.JointExplicit || data.Length != HeaderBytes + (count * ChangeBytes))
        {
            throw new CorruptionException($"A configuration change has transition {data[1]} and {count} changes in {data.Length} bytes.");
        }

        var changes = ImmutableArray.CreateBuilder<MemberChange>(count);
        for (var rest = data[HeaderBytes..]; !rest.IsEmpty; rest = rest[ChangeBytes..])
        {
            var type = (ConfigChangeType)rest[0];
            if (type is < ConfigChangeType.AddVoter or > ConfigChangeType.Update)
            {
                throw new CorruptionException($"A configuration change has a member change of unknown type {rest[0]}.");
            }

            changes.Add(new MemberChange(type, new ReplicaId(BinaryPrimitives.ReadUInt64LittleEndian(rest[1..]))));
        }

        return new ConfigChange(transition, changes.MoveToImmutable());
    }

    /// <summary>Gives the data of an entry of type <see cref="EntryType.ConfigChange"/>.</summary>
    public byte[] Encode()
    {
        var data = new byte[HeaderBytes + (Changes.Length * ChangeBytes)];
        data[0] = FormatVersion;
        data[1] = (byte)Transition;
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(2), checked((ushort)Changes.Length));
        var rest = data.AsSpan(HeaderBytes);
        foreach (var change in Changes)
        {
            rest[0] = (byte)change.Type;
            BinaryPrimitives.WriteUInt64LittleEndian(rest[1..], change.Id.Value);
            rest = rest[ChangeBytes..];
        }

        return data;
    }

    /// <summary>Whether transition and steps are equal.</summary>
    public bool Equals(ConfigChange? other) =>
        other is not null && Transition == other.Transition && Changes.AsSpan().SequenceEqual(other.Changes.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => ((int)Transition * 31) + Changes.Length;
}
