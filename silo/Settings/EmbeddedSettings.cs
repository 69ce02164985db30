using System.Net;
using OrleansStore.Embedded;

namespace OrleansStore.Silo.Settings;

/// <summary>A datacenter on the embedded engine.</summary>
/// <param name="Engine">The engine's options.</param>
/// <param name="Http">Where it serves HTTP.</param>
internal sealed record EmbeddedSettings(EmbeddedOptions Engine, IPEndPoint Http) : DatacenterSettings(Engine.Datacenter, Http);
