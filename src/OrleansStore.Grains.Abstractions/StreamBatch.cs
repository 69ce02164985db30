namespace OrleansStore.Grains.Abstractions;

/// <summary>Bytes of a stream: what one flush had.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="From">The sender's datacenter.</param>
/// <param name="Sequence">The number of the batch in its direction, from 0 on without a gap.</param>
/// <param name="Bytes">The bytes; empty only in the last batch of a direction. Nobody writes to them once the batch is made.</param>
/// <param name="IsLast">Whether nothing follows in this direction.</param>
[GenerateSerializer, Immutable, Alias("orleansstore.batch")]
public sealed record StreamBatch(
    [property: Id(0)] StreamId Stream, [property: Id(1)] string From, [property: Id(2)] long Sequence, [property: Id(3)] byte[] Bytes, [property: Id(4)] bool IsLast);
