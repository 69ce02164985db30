namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>Converts between <see cref="StoreRecord"/> and its form in messages.</summary>
[RegisterConverter]
internal sealed class StoreRecordConverter : IConverter<StoreRecord, StoreRecordSurrogate>
{
    public StoreRecord ConvertFromSurrogate(in StoreRecordSurrogate surrogate) =>
        new()
        {
            Key = surrogate.Key,
            Value = surrogate.Value,
            ValueBytes = surrogate.ValueBytes,
            ContentType = surrogate.ContentType,
            CreateRevision = new Revision(surrogate.CreateRevision),
            ModifyRevision = new Revision(surrogate.ModifyRevision),
            Version = surrogate.Version,
            ExpiresAt = surrogate.ExpiresAt is { } at ? new WallTime(at) : null,
            Owner = surrogate.OwnerKind == 0 ? null : new RecordOwner((RecordOwnerKind)surrogate.OwnerKind, surrogate.OwnerId),
            Flags = surrogate.Flags,
        };

    public StoreRecordSurrogate ConvertToSurrogate(in StoreRecord value) => new()
    {
        Key = value.Key,
        Value = value.Value.AsArray(),
        ValueBytes = value.ValueBytes,
        ContentType = value.ContentType,
        CreateRevision = value.CreateRevision.Value,
        ModifyRevision = value.ModifyRevision.Value,
        Version = value.Version,
        ExpiresAt = value.ExpiresAt?.UnixMilliseconds,
        OwnerKind = (byte)(value.Owner?.Kind ?? 0),
        OwnerId = value.Owner?.Id ?? 0,
        Flags = value.Flags,
    };
}
