using System.Text;

namespace OrleansStore.Storage;

/// <summary>Whose data a folder holds. Every file is checked against it before its content is used (invariant 12).</summary>
public sealed record StoreIdentity
{
    /// <summary>The longest datacenter name, in UTF-8 bytes.</summary>
    public const int MaxDatacenterBytes = 63;

    /// <summary>Creates an identity.</summary>
    /// <param name="storeId">The store; not <see cref="StoreId.None"/>.</param>
    /// <param name="incarnation">The incarnation of the data folder, in [1, <see cref="ReplicaId.MaxIncarnation"/>].</param>
    /// <param name="datacenter">The datacenter's name: 1 to <see cref="MaxDatacenterBytes"/> letters, digits, dots, hyphens and underscores of ASCII.</param>
    /// <exception cref="ArgumentException">A part is outside its range.</exception>
    public StoreIdentity(StoreId storeId, ulong incarnation, string datacenter)
    {
        ArgumentException.ThrowIfNullOrEmpty(datacenter);
        ArgumentOutOfRangeException.ThrowIfEqual(storeId, StoreId.None);
        ArgumentOutOfRangeException.ThrowIfZero(incarnation);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(incarnation, ReplicaId.MaxIncarnation);
        if (!IsName(datacenter))
        {
            throw new ArgumentException($"'{datacenter}' is no datacenter name: 1 to {MaxDatacenterBytes} of A-Z a-z 0-9 . - _", nameof(datacenter));
        }

        StoreId = storeId;
        Incarnation = incarnation;
        Datacenter = datacenter;
    }

    /// <summary>The store.</summary>
    public StoreId StoreId { get; }

    /// <summary>The incarnation of the data folder.</summary>
    public ulong Incarnation { get; }

    /// <summary>The datacenter's name.</summary>
    public string Datacenter { get; }

    internal byte[] DatacenterBytes => Encoding.ASCII.GetBytes(Datacenter);

    internal static bool IsName(string text) =>
        text.Length is > 0 and <= MaxDatacenterBytes && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    /// <summary>Refuses a file that belongs to somebody else.</summary>
    internal void Require(string file, StoreId storeId, ulong incarnation, string datacenter)
    {
        RequireEqual(file, "store id", StoreId.ToString(), storeId.ToString());
        RequireEqual(file, "datacenter", Datacenter, datacenter);
        RequireEqual(file, "incarnation", $"{Incarnation}", $"{incarnation}");
    }

    internal static void RequireEqual(string file, string field, string expected, string actual)
    {
        if (expected != actual)
        {
            throw new StoreException(ErrorCode.IdentityMismatch, $"{file} has {field} {actual}, but this store has {field} {expected}.");
        }
    }
}
