using System.Net;

namespace OrleansStore.Silo.Settings;

/// <summary>What one datacenter of the process runs with: the engine's options, checked, and where it serves.</summary>
/// <param name="Datacenter">Its name.</param>
/// <param name="Http">Where it serves HTTP.</param>
internal abstract record DatacenterSettings(string Datacenter, IPEndPoint Http);
