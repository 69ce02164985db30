using Microsoft.Extensions.Logging;

namespace OrleansStore.Silo.Settings;

/// <summary>What the process runs with. All of it was checked, alone and together.</summary>
/// <param name="Datacenters">The datacenters of this process; at least one.</param>
/// <param name="LogLevel">The least level logged.</param>
internal sealed record SiloSettings(IReadOnlyList<DatacenterSettings> Datacenters, LogLevel LogLevel);
