namespace OrleansStore.Verification.Linearizability;

/// <summary>The records of one component at one place in an order, and what is known of their revisions.</summary>
/// <remarks>A record whose write has an unknown outcome has a revision that nobody was told: it is known to lie in a range, which later answers narrow.</remarks>
internal readonly struct ComponentState
{
    private const int WordsPerKey = 4;
    private readonly ulong[] _words;

    private ComponentState(ulong[] words) => _words = words;

    /// <summary>The bucket's revision is at least this.</summary>
    public ulong LastRevision => _words[0];

    public ReadOnlySpan<ulong> Words => _words;

    private int KeyCount => (_words.Length - 1) / WordsPerKey;

    public static ComponentState Create(int keys) => new(new ulong[1 + (keys * WordsPerKey)]);

    public ComponentState Copy() => new((ulong[])_words.Clone());

    public void CopyTo(ComponentState other) => _words.CopyTo(other._words, 0);

    public int ContentOf(int key) => (int)_words[Place(key)];

    /// <summary>The range of the record's modify revision, both ends included; 0 and 0 where there is no record.</summary>
    public (ulong Low, ulong High) RevisionOf(int key) => (_words[Place(key) + 1], _words[Place(key) + 2]);

    /// <summary>The index of the step that wrote the record and was told no revision; -1 where the revision is known.</summary>
    public int WriterOf(int key) => (int)_words[Place(key) + 3] - 1;

    public void Put(int key, int content, ulong low, ulong high, int writer) =>
        (_words[Place(key)], _words[Place(key) + 1], _words[Place(key) + 2], _words[Place(key) + 3]) = ((ulong)content, low, high, (ulong)(writer + 1));

    public void Delete(int key) => Put(key, 0, 0, 0, -1);

    /// <summary>Takes note that the bucket's revision is at least this.</summary>
    public void RaiseTo(ulong revision) => _words[0] = Math.Max(_words[0], revision);

    /// <summary>Narrows the range of a record's revision, and with it that of all that the same step wrote.</summary>
    public void Narrow(int key, ulong low, ulong high)
    {
        RaiseTo(low);
        var writer = WriterOf(key);
        for (var other = 0; other < KeyCount; other++)
        {
            if (other == key || (writer >= 0 && WriterOf(other) == writer))
            {
                (_words[Place(other) + 1], _words[Place(other) + 2]) = (low, high);
            }
        }
    }

    /// <summary>Takes note that the bucket had come this far: what was written before has a revision of at most <paramref name="revision"/>.</summary>
    /// <param name="revision">The revision of an answer; at least <see cref="LastRevision"/>.</param>
    /// <param name="isOwn">Whether the revision is that of a change, so that nothing earlier has it.</param>
    /// <returns>False if something written before cannot have so low a revision.</returns>
    public bool TryAdvance(ulong revision, bool isOwn)
    {
        RaiseTo(revision);
        var highest = isOwn ? revision - 1 : revision;
        for (var key = 0; key < KeyCount; key++)
        {
            if (_words[Place(key) + 2] > highest)
            {
                _words[Place(key) + 2] = highest;
                if (_words[Place(key) + 1] > highest)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static int Place(int key) => 1 + (key * WordsPerKey);
}
