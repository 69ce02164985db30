namespace OrleansStore.Storage.Databases;

/// <summary>Those who speak under a silo's claim. Called by the claim's loop, one call at a time.</summary>
internal interface IClaimHolder
{
    /// <summary>Whether somebody waits for the claims of others to end.</summary>
    bool IsWaiting { get; }

    /// <summary>The claim was renewed: looks for writers that others have superseded.</summary>
    ValueTask OnRenewedAsync(ClaimTerm term, CancellationToken cancellationToken);

    /// <summary>The claim was lost and another one was taken: puts under it every writer that is still the newest, and no other.</summary>
    ValueTask OnRetakenAsync(ClaimTerm term, CancellationToken cancellationToken);

    /// <summary>Looks whether the claims of others have ended.</summary>
    ValueTask PollAsync(ClaimTerm term, CancellationToken cancellationToken);
}
