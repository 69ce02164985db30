namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>The request for a page, in messages.</summary>
[GenerateSerializer, Immutable, Alias("orleansstore.scan")]
internal struct ScanRequestSurrogate
{
    [Id(0)]
    public uint Namespace;

    [Id(1)]
    public byte[] Prefix;

    [Id(2)]
    public byte[] Start;

    [Id(3)]
    public byte[] End;

    [Id(4)]
    public int Limit;

    [Id(5)]
    public int MaxBytes;

    [Id(6)]
    public bool IncludeValues;

    [Id(7)]
    public ReadConsistency Consistency;
}
