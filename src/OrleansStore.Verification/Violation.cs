namespace OrleansStore.Verification;

/// <summary>Something was observed that must never be.</summary>
/// <param name="Property">What it breaks.</param>
/// <param name="Description">What was observed, with the numbers that show it.</param>
public sealed record Violation(VerifiedProperty Property, string Description)
{
    /// <summary>The property and the description.</summary>
    public override string ToString() => $"{Property}: {Description}";
}
