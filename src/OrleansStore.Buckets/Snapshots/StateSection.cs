namespace OrleansStore.Buckets.Snapshots;

/// <summary>The parts of an encoded state, in their order.</summary>
internal enum StateSection
{
    Header = 1,
    Records = 2,
    Sessions = 3,
    SessionResults = 4,
    Keys = 5,
    History = 6,
    Hash = 7,
    End = 8,
}
