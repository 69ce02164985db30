using OrleansStore.Storage.Folders;

namespace OrleansStore.Storage.Databases;

/// <summary>The database of one datacenter, claimed for this silo: what a locked data folder is on files. Knows whose data it is.</summary>
/// <remarks>The claim is renewed from the opening to the disposal. A database that was wiped holds no record and no identity, and so becomes a new incarnation.</remarks>
public sealed class DatabaseHome : IAsyncDisposable
{
    private DatabaseHome(DatabaseEnvironment environment, SiloClaim claim, StoreIdentity? identity)
    {
        Environment = environment;
        Claim = claim;
        Identity = identity;
    }

    /// <summary>Which database it is, in words without secrets.</summary>
    public string Name => Environment.Database.Name;

    /// <summary>Whose data it holds; null while it is empty: nothing may be served from it before its store is known.</summary>
    public StoreIdentity? Identity { get; private set; }

    internal DatabaseEnvironment Environment { get; }

    internal SiloClaim Claim { get; }

    /// <summary>Checks the schema, takes a claim and reads whose data it is.</summary>
    /// <param name="environment">The database, which is owned from now on, and the rest of the outside.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="StoreException">The database cannot be reached or used, or is in use.</exception>
    /// <exception cref="CorruptionException">The identity is damaged, or missing beside data.</exception>
    internal static async ValueTask<DatabaseHome> OpenAsync(DatabaseEnvironment environment, CancellationToken cancellationToken)
    {
        SiloClaim? claim = null;
        try
        {
            environment.Options.Validate();
            await environment.RetryAsync(
                async token =>
                {
                    await environment.Database.CheckAsync(token);
                    return true;
                },
                cancellationToken);
            claim = await SiloClaim.TakeAsync(environment, cancellationToken);
            var row = await environment.RetryAsync(environment.Database.ReadHomeAsync, cancellationToken);
            var identity = row.Identity is { } bytes ? StoreFile.Decode(environment.Database.Name, bytes) : null;
            if (identity is null && (await environment.RetryAsync(environment.Database.ListAsync, cancellationToken)).Any(replica => !replica.IsEmpty))
            {
                throw new CorruptionException(environment.Database.Name, 0, "the identity of the store whose buckets it holds", "none");
            }

            return new DatabaseHome(environment, claim, identity);
        }
        catch
        {
            if (claim is not null)
            {
                await claim.DisposeAsync();
            }

            await environment.Database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads the formation record; null where there is none.</summary>
    /// <exception cref="StoreException">The database cannot be reached.</exception>
    public async ValueTask<byte[]?> ReadRecordAsync() => (await Environment.RetryAsync(Environment.Database.ReadHomeAsync, CancellationToken.None)).Record;

    /// <summary>Replaces the formation record, atomically; durable on completion.</summary>
    /// <exception cref="StoreException">The database cannot be reached: which of the two records it holds is not known; or the claim was lost, and it holds the old one.</exception>
    public ValueTask WriteRecordAsync(byte[] record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return WriteAsync(new HomeRow(record, null));
    }

    /// <summary>Sets up an empty database for a store. On completion that is durable.</summary>
    /// <exception cref="InvalidOperationException">It is not empty.</exception>
    /// <exception cref="StoreException">The database cannot be reached, or the claim was lost.</exception>
    public async ValueTask InitializeAsync(StoreIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        if (Identity is not null)
        {
            throw new InvalidOperationException($"{Name} already holds store {Identity.StoreId}.");
        }

        await WriteAsync(new HomeRow(null, StoreFile.Encode(identity)));
        Identity = identity;
    }

    /// <summary>Releases the claim and closes the connections. Storage that was opened on it is disposed of first.</summary>
    public async ValueTask DisposeAsync()
    {
        await Claim.DisposeAsync();
        await Environment.Database.DisposeAsync();
    }

    private async ValueTask WriteAsync(HomeRow row)
    {
        // The same row twice is the same as once.
        var isWritten = await Environment.RetryAsync(token => Environment.Database.WriteHomeAsync(Claim.Term.Id, row, token), CancellationToken.None);
        if (!isWritten)
        {
            throw new StoreException(ErrorCode.WriterFenced, $"The claim on {Name} was lost; nothing was written.");
        }
    }
}
