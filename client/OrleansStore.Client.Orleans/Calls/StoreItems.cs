namespace OrleansStore.Client.Orleans.Calls;

/// <summary>Records as clients see them.</summary>
internal static class StoreItems
{
    public static StoreItem Of(StoreRecord record) =>
        new(record.Key, record.ModifyRevision, record.Value, record.ValueBytes, record.ContentType.Length > 0 ? record.ContentType : StoreItem.DefaultContentType);
}
