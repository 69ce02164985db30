namespace OrleansStore.Verification.Linearizability;

/// <summary>Remembers which sets of steps, with the state they led to, were tried in vain (Lowe's memo). Compares exactly; hashes only to find.</summary>
internal sealed class VisitedPlaces
{
    private readonly HashSet<ulong[]> _places = new(new WordsComparer());

    /// <returns>False if the place was there before.</returns>
    /// <param name="done">One bit per step.</param>
    /// <param name="state">The state after them.</param>
    /// <param name="detours">How much of what is bounded was used to come here.</param>
    public bool TryAdd(ReadOnlySpan<ulong> done, ComponentState state, int detours)
    {
        // Most of the history is behind or ahead of the place: words that are full at the front and empty at the back are left out.
        var start = done.IndexOfAnyExcept(ulong.MaxValue);
        start = start < 0 ? done.Length : start;
        var end = done.LastIndexOfAnyExcept(0UL) + 1;
        var middle = end > start ? done[start..end] : [];
        return _places.Add([((ulong)detours << 32) | (uint)start, .. middle, .. state.Words]);
    }

    public void Clear() => _places.Clear();

    private sealed class WordsComparer : IEqualityComparer<ulong[]>
    {
        public bool Equals(ulong[]? left, ulong[]? right) => left.AsSpan().SequenceEqual(right);

        public int GetHashCode(ulong[] words)
        {
            var hash = 14695981039346656037UL;
            foreach (var word in words)
            {
                hash = unchecked((hash ^ word) * 1099511628211UL);
                hash ^= hash >> 29;
            }

            return unchecked((int)(hash ^ (hash >> 32)));
        }
    }
}
