using System.Net;
using OrleansStore.Embedded;

namespace OrleansStore.Silo.Settings;

/// <summary>What one datacenter of the process runs with.</summary>
/// <param name="Engine">The engine's options; checked.</param>
/// <param name="Http">Where it serves HTTP.</param>
internal sealed record DatacenterSettings(EmbeddedOptions Engine, IPEndPoint Http);
