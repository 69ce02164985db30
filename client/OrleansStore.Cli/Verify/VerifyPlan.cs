using OrleansStore.Verification.Nemesis;
using OrleansStore.Verification.Nemesis.Links;

namespace OrleansStore.Cli.Verify;

/// <summary>What a verification does.</summary>
/// <param name="Run">What clients do, and what is done to the cluster.</param>
/// <param name="Endpoints">The running cluster to attach to; null for one of this tool's own.</param>
/// <param name="Silo">The program of its own cluster; null where it attaches.</param>
/// <param name="Buckets">How many buckets its own cluster has.</param>
/// <param name="Links">What the links of its own cluster are like.</param>
/// <param name="ReportFile">Where the page goes; null for none.</param>
/// <param name="Command">The command that does the same again.</param>
internal sealed record VerifyPlan(NemesisOptions Run, IReadOnlyList<Uri>? Endpoints, string? Silo, int Buckets, LinkConditions Links, string? ReportFile, string Command);
