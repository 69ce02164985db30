using System.Globalization;
using System.Text;

namespace OrleansStore.Http.Metrics;

/// <summary>Tags of measurements as labels of the text format.</summary>
internal static class MetricLabels
{
    /// <summary>The longest value of a label, in characters; the rest is cut.</summary>
    public const int MaxValueLength = 128;

    /// <summary>Writes labels, ordered by name; of tags that come to the same name the first counts.</summary>
    /// <param name="meterTags">The tags of the meter.</param>
    /// <param name="tags">The tags of the measurement; they take precedence.</param>
    public static string Of(IEnumerable<KeyValuePair<string, object?>> meterTags, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in tags)
        {
            labels.TryAdd(MetricName.Sanitize(tag.Key), TextOf(tag.Value));
        }

        foreach (var tag in meterTags)
        {
            labels.TryAdd(MetricName.Sanitize(tag.Key), TextOf(tag.Value));
        }

        var text = new StringBuilder();
        foreach (var (name, value) in labels)
        {
            text.Append(text.Length == 0 ? string.Empty : ",").Append(name).Append("=\"").Append(Escape(value)).Append('"');
        }

        return text.ToString();
    }

    /// <summary>Escapes what would end a label's value or the line.</summary>
    public static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string TextOf(object? value)
    {
        var text = value switch
        {
            null => string.Empty,
            string s => s,
            bool b => b ? "true" : "false",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty,
        };
        return text.Length <= MaxValueLength ? text : text[..MaxValueLength];
    }
}
