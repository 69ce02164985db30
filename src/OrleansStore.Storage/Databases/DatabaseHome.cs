using OrleansStore.Storage.Folders;

namespace OrleansStore.Storage.Databases;

/// <summary>The database of one datacenter, claimed for this silo: what a locked data folder is on files. Knows whose data it is.</summary>
/// <remarks>The claim is renewed from the opening to the disposal. A database that was wiped holds no record and no identity, and so becomes a new incarnation.</remarks>
public sealed class DatabaseHome : IAsyncDisposable
{
    // Under which possession of the claim this silo may replace the record; null where it may not.
    private volatile LinkHolding? _links;
    private volatile StoreIdentity? _identity;

    private DatabaseHome(DatabaseEnvironment environment, SiloClaim claim, StoreIdentity? identity)
    {
        Environment = environment;
        Claim = claim;
        _identity = identity;
    }

    /// <summary>Which database it is, in words without secrets.</summary>
    public string Name => Environment.Database.Name;

    /// <summary>Whose data it holds, as of the last look at the record; null while it is empty: nothing may be served from it before its store is known.</summary>
    public StoreIdentity? Identity => _identity;

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

            // In this order: another silo may be setting the store up, and that writes the identity before any bucket.
            var isUsed = (await environment.RetryAsync(environment.Database.ListAsync, cancellationToken)).Any(replica => !replica.IsEmpty);
            var identity = Decode(environment, await environment.RetryAsync(environment.Database.ReadHomeAsync, cancellationToken));
            if (identity is null && isUsed)
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

    /// <summary>Reads the formation record, and <see cref="Identity"/> anew: another silo may have written both.</summary>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="StoreException">The database cannot be reached.</exception>
    public async ValueTask<byte[]?> ReadRecordAsync()
    {
        var row = await Environment.RetryAsync(Environment.Database.ReadHomeAsync, CancellationToken.None);
        _identity ??= Decode(Environment, row);
        return row.Record;
    }

    /// <summary>Tries to make this silo the one that holds the links of its datacenter, and that alone may replace the formation record.</summary>
    /// <remarks>It stays that until its claim is gone: released, or run out and noticed by another silo.</remarks>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Null where another silo holds them.</returns>
    /// <exception cref="StoreException">The database cannot be reached.</exception>
    public async ValueTask<LinkHolding?> TryHoldLinksAsync(CancellationToken cancellationToken)
    {
        var term = Claim.Term;
        var number = await Environment.RetryAsync(token => Environment.Database.TakeLinksAsync(term.Id, token), cancellationToken);
        return _links = number is { } taken ? new LinkHolding(Claim, term, taken) : null;
    }

    /// <summary>Replaces the formation record, atomically; durable on completion.</summary>
    /// <exception cref="StoreException">The database cannot be reached: which of the two records it holds is not known; or the claim was lost, or is shared and another silo holds the links:
    /// then it holds the old one.</exception>
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
        _identity = identity;
    }

    /// <summary>Releases the claim and closes the connections. Storage that was opened on it is disposed of first.</summary>
    public async ValueTask DisposeAsync()
    {
        await Claim.DisposeAsync();
        await Environment.Database.DisposeAsync();
    }

    private async ValueTask WriteAsync(HomeRow row)
    {
        // The claim under which the links were taken, not the present one: where the two differ, another silo may hold them by now.
        var term = Environment.Options.IsExclusive ? Claim.Term : _links?.Term;

        // The same row twice is the same as once.
        var isWritten = term is not null && await Environment.RetryAsync(token => Environment.Database.WriteHomeAsync(term.Id, row, token), CancellationToken.None);
        if (!isWritten)
        {
            throw new StoreException(ErrorCode.WriterFenced, $"The claim on {Name} was lost; nothing was written.");
        }
    }

    private static StoreIdentity? Decode(DatabaseEnvironment environment, in HomeRow row) =>
        row.Identity is { } bytes ? StoreFile.Decode(environment.Database.Name, bytes) : null;
}
