using System.Text;

namespace OrleansStore.Verification.Linearizability;

/// <summary>Gives records' contents numbers from 2, equal for equal value and content type. 0 stands for no record, 1 for any content that makes no difference.</summary>
internal sealed class Contents
{
    /// <summary>Stands for every content that nobody observes: a record that is there, with a value that is no other's.</summary>
    public const int Unobserved = 1;

    private const int NoValue = -1;

    private readonly Dictionary<string, int> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Value, string ContentType), int> _contents = [];
    private readonly List<int> _valueOf = [0, NoValue];

    /// <summary>The number of a value, whatever its content type.</summary>
    public int NumberOfValue(ReadOnlyMemory<byte> value)
    {
        // A text of one character per byte: a key with value equality that costs one copy.
        var text = Encoding.Latin1.GetString(value.Span);
        if (!_values.TryGetValue(text, out var number))
        {
            _values.Add(text, number = _values.Count + 1);
        }

        return number;
    }

    /// <summary>The number of a value with its content type.</summary>
    public int NumberOf(ReadOnlyMemory<byte> value, string contentType)
    {
        var key = (NumberOfValue(value), contentType);
        if (!_contents.TryGetValue(key, out var number))
        {
            _contents.Add(key, number = _valueOf.Count);
            _valueOf.Add(key.Item1);
        }

        return number;
    }

    /// <summary>The number of the value of a content; 0 for no record.</summary>
    public int ValueOf(int content) => _valueOf[content];
}
