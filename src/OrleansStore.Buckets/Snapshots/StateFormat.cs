namespace OrleansStore.Buckets.Snapshots;

/// <summary>The one encoding of a bucket's replicated state. Equal states have equal bytes, and no bytes can be read in two ways.</summary>
/// <remarks>
/// <code>
/// little-endian
/// magic "OSBS" 4 | format version 2 (= 1) | feature level 2
/// limits 68 (BucketLimits) | applied time 8 | revision 8 | compacted revision 8 | keys forgotten through 8
/// records          count 8 | per record, by namespace and key:     length 4 | packed record (PackedRecord)
/// sessions         count 8 | per session, by id:                   length 4 | session (SessionItem)
/// session results  count 8 | per result, by session and sequence:  length 4 | result (SessionResultItem)
/// keys             count 8 | per idempotency key, by text:         length 4 | key (KeyItem)
/// history          count 8 | per event, oldest first:              length 4 | kind 1 | applied time 8 | packed record; the length counts the record alone
/// XXH64 8, seed 0, of all bytes before it
/// </code>
/// What can be derived (indexes by time, byte counts) is not in it. Neither is the log index, which stands in the snapshot's metadata: states are
/// comparable at equal applied indexes.
/// </remarks>
internal static class StateFormat
{
    public const uint Magic = 0x5342_534F;
    public const ushort Version = 1;
    public const int HeaderBytes = 8 + StateMachine.BucketLimits.EncodedBytes + (4 * sizeof(ulong));
    public const int CountBytes = sizeof(ulong);
    public const int ItemHeaderBytes = sizeof(uint);
    public const int EventHeaderBytes = sizeof(uint) + 1 + sizeof(long);
    public const int HashBytes = sizeof(ulong);
}
