namespace OrleansStore.Client.Tests.Support;

/// <summary>A value of typed tests.</summary>
public sealed record Counter(int Count);
