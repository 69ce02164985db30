using OrleansStore.Http.Problems;

namespace OrleansStore.Http.Bodies;

/// <summary>A request body, or why it was not taken.</summary>
/// <param name="Bytes">The body; empty where there is a problem.</param>
/// <param name="Problem">What is wrong; null if nothing is.</param>
internal readonly record struct BodyResult(byte[] Bytes, Problem? Problem);
