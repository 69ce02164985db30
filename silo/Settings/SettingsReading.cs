namespace OrleansStore.Silo.Settings;

/// <summary>What came of reading the settings: exactly one of the three.</summary>
/// <param name="Settings">What to run with.</param>
/// <param name="Complaint">All mistakes in one message.</param>
/// <param name="Information">What was asked for instead of a run: help or version.</param>
internal sealed record SettingsReading(SiloSettings? Settings, string? Complaint, string? Information);
