using OrleansStore.Storage;
using OrleansStore.Storage.Databases;

namespace OrleansStore.Datacenters.Identity;

/// <summary>Formation in a database: record and identity are one row, which only the silo that holds the claim replaces.</summary>
internal sealed class DatabaseFormationHome(DatabaseHome home) : IFormationHome
{
    public string RecordPath => $"the formation record in {home.Name}";

    public string HowToStartAnew => "drop the schema orleansstore and apply it again";

    public StoreIdentity? Identity => home.Identity;

    public async ValueTask<FormationRecord?> ReadAsync() => await home.ReadRecordAsync() is { } bytes ? FormationRecord.Decode(RecordPath, bytes) : null;

    public ValueTask WriteAsync(FormationRecord record) => home.WriteRecordAsync(record.Encode());

    public ValueTask InitializeAsync(StoreIdentity identity) => home.InitializeAsync(identity);
}
