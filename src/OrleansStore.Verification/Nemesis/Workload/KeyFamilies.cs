using System.Globalization;

namespace OrleansStore.Verification.Nemesis.Workload;

/// <summary>The keys of a run: families of a few that share a bucket. A family that has been used much retires, and another takes its place. Safe for concurrent use.</summary>
/// <remarks>So many clients meet on few keys, as long as the run may be, and yet no part of the history grows beyond what the checker decides in a moment.</remarks>
internal sealed class KeyFamilies
{
    /// <summary>The keys of a family.</summary>
    public const int Size = 4;

    /// <summary>After how many operations a family retires.</summary>
    public const int MaxOperations = 1500;

    private readonly string _prefix;
    private readonly int[] _current;
    private readonly int[] _used;
    private int _count;

    /// <param name="prefix">What every key begins with; without braces.</param>
    /// <param name="keys">How many keys are in use at a time, rounded up to whole families; above 0.</param>
    public KeyFamilies(string prefix, int keys)
    {
        _prefix = prefix;
        _count = (keys + Size - 1) / Size;
        _current = [.. Enumerable.Range(0, _count)];
        _used = new int[_count];
    }

    /// <summary>How many families there have been.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Draws a family that is in use, and counts one operation on it.</summary>
    public int Draw(IRandomSource random)
    {
        var place = random.Next(_current.Length);
        var family = Volatile.Read(ref _current[place]);
        if (Interlocked.Increment(ref _used[place]) == MaxOperations)
        {
            // Exactly one caller gets here for each family; those who read the old number in between use it a little longer.
            Volatile.Write(ref _current[place], Interlocked.Increment(ref _count) - 1);
            Volatile.Write(ref _used[place], 0);
        }

        return family;
    }

    /// <summary>The key of a number: family times <see cref="Size"/>, and the place in the family.</summary>
    public StoreKey KeyOf(int key) => StoreKey.FromText(string.Create(CultureInfo.InvariantCulture, $"{_prefix}{{{key / Size}}}/{key % Size}"));
}
