namespace OrleansStore.Grains.Tests.Harness;

/// <summary>The membership table of one cluster whose silos are all in this process.</summary>
internal sealed class MemoryMembership : IMembershipTable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SiloAddress, (MembershipEntry Entry, string Tag)> _rows = [];
    private TableVersion _version = new(0, "0");

    public Task InitializeMembershipTable(bool tryInitTableVersion) => Task.CompletedTask;

    public Task DeleteMembershipTableEntries(string clusterId) => Task.CompletedTask;

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => Task.CompletedTask;

    public Task<MembershipTableData> ReadRow(SiloAddress key) => Read(row => row.Key.Equals(key));

    public Task<MembershipTableData> ReadAll() => Read(static _ => true);

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => Write(entry, tableVersion, isFree => isFree is null);

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => Write(entry, tableVersion, tag => tag == etag);

    public Task UpdateIAmAlive(MembershipEntry entry)
    {
        lock (_gate)
        {
            if (_rows.TryGetValue(entry.SiloAddress, out var row))
            {
                row.Entry.IAmAliveTime = entry.IAmAliveTime;
            }
        }

        return Task.CompletedTask;
    }

    private Task<bool> Write(MembershipEntry entry, TableVersion version, Func<string?, bool> isExpected)
    {
        lock (_gate)
        {
            var isTaken = version.Version == _version.Version + 1 && isExpected(_rows.TryGetValue(entry.SiloAddress, out var row) ? row.Tag : null);
            if (isTaken)
            {
                _version = new TableVersion(version.Version, $"{version.Version}");
                _rows[entry.SiloAddress] = (Copy(entry), _version.VersionEtag);
            }

            return Task.FromResult(isTaken);
        }
    }

    private Task<MembershipTableData> Read(Func<KeyValuePair<SiloAddress, (MembershipEntry Entry, string Tag)>, bool> isWanted)
    {
        lock (_gate)
        {
            return Task.FromResult(new MembershipTableData([.. _rows.Where(isWanted).Select(row => Tuple.Create(Copy(row.Value.Entry), row.Value.Tag))], _version));
        }
    }

    private static MembershipEntry Copy(MembershipEntry entry) => new()
    {
        SiloAddress = entry.SiloAddress,
        Status = entry.Status,
        SuspectTimes = entry.SuspectTimes is { } times ? [.. times] : null,
        ProxyPort = entry.ProxyPort,
        HostName = entry.HostName,
        SiloName = entry.SiloName,
        RoleName = entry.RoleName,
        UpdateZone = entry.UpdateZone,
        FaultZone = entry.FaultZone,
        StartTime = entry.StartTime,
        IAmAliveTime = entry.IAmAliveTime,
    };
}
