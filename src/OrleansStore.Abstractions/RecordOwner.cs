using System.Globalization;

namespace OrleansStore;

/// <summary>The lease or intent that a record belongs to.</summary>
/// <param name="Kind">What <paramref name="Id"/> names.</param>
/// <param name="Id">The 128-bit id of the lease or intent.</param>
public readonly record struct RecordOwner(RecordOwnerKind Kind, UInt128 Id)
{
    /// <summary>Whether <see cref="Kind"/> is one that this version knows.</summary>
    public bool IsValid => Kind is RecordOwnerKind.Lease or RecordOwnerKind.Intent;

    /// <summary>Kind and id, as <c>Lease:000102…</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind}:{Id:x32}");
}
