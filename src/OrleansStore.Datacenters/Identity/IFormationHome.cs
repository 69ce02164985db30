using OrleansStore.Storage;

namespace OrleansStore.Datacenters.Identity;

/// <summary>What formation needs of the place where a datacenter keeps its data: a locked folder, or a claimed database.</summary>
internal interface IFormationHome
{
    /// <summary>Where the record is, for people.</summary>
    string RecordPath { get; }

    /// <summary>What somebody has to do to make a datacenter whose data is lost join anew, for people.</summary>
    string HowToStartAnew { get; }

    /// <summary>Whose data the home holds; null while it holds none.</summary>
    StoreIdentity? Identity { get; }

    /// <summary>Reads the record; null where there is none.</summary>
    /// <exception cref="CorruptionException">It is damaged.</exception>
    /// <exception cref="StoreException">Its format is newer, or the home cannot be reached.</exception>
    ValueTask<FormationRecord?> ReadAsync();

    /// <summary>Replaces the record, atomically; durable on completion.</summary>
    /// <exception cref="IOException">Which of the two records is there is not known before the home is opened anew.</exception>
    /// <exception cref="StoreException">The same.</exception>
    ValueTask WriteAsync(FormationRecord record);

    /// <summary>Sets up an empty home for a store. On completion that is durable.</summary>
    ValueTask InitializeAsync(StoreIdentity identity);
}
