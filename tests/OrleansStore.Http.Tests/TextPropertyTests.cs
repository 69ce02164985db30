using System.Text.RegularExpressions;
using Microsoft.Extensions.Primitives;
using OrleansStore.Http.Conditions;
using OrleansStore.Http.Scans;
using OrleansStore.Http.Targets;

namespace OrleansStore.Http.Tests;

/// <summary>The hand-written readers against dumb second versions.</summary>
[Trait("Category", "Property")]
public sealed partial class TextPropertyTests
{
    private const int Cases = 20_000;

    [Fact]
    public void PercentEncoding_ReadsWhatItWrites() => ForEachSeed(random =>
    {
        var bytes = Bytes(random, random.Next(1025));
        var text = PercentEncoding.Encode(bytes);
        Assert.Equal(PercentDecoding.Decoded, PercentEncoding.Decode(text, 1024, out var decoded));
        Assert.Equal(bytes, decoded);
        Assert.Matches("^[A-Za-z0-9._~/-]*(%[0-9A-F]{2}[A-Za-z0-9._~/-]*)*$", text);
    }, Cases / 10);

    [Fact]
    public void PercentEncoding_DecodesLikeTheDumbVersion() => ForEachSeed(random =>
    {
        var text = Text(random, "%%%%419aF/. ?#~\u007Fz", 8);
        var actual = PercentEncoding.Decode(text, 4, out var bytes);
        var expected = DumbDecode(text);
        Assert.Equal(expected.Bytes is null ? expected.Status : PercentDecoding.Decoded, actual);
        Assert.Equal(expected.Bytes ?? [], bytes);
    });

    [Fact]
    public void EntityTags_AreReadLikeTheDumbVersion() => ForEachSeed(random =>
    {
        var text = Text(random, "\"\"\"\"\",, 1209W/*x\t", 14);
        var isRead = EntityTagList.TryRead(new StringValues(text), out var list);
        var trimmed = text.Trim(' ', '\t');
        var isList = TagList().IsMatch(text) && text.Contains('"', StringComparison.Ordinal);
        Assert.Equal(trimmed == "*" || isList, isRead);
        if (isRead && isList)
        {
            var ours = Tag().Matches(text).Where(m => !m.Value.StartsWith('W') && Number().IsMatch(m.Groups[1].Value)).Select(m => ulong.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal(ours, list.Revisions.Select(r => r.Value));
        }
    });

    [Fact]
    public void Cursor_ReadsWhatItWrites_AndNothingElse() => ForEachSeed(random =>
    {
        var range = new ScanRange(Bytes(random, random.Next(3)), Bytes(random, random.Next(3)), []);
        byte[] position = [.. range.Prefix, 255, 255, .. Bytes(random, random.Next(1000))];
        if (!range.Contains(position))
        {
            return;
        }

        var text = ScanCursor.Write(range, position);
        Assert.True(ScanCursor.TryRead(text, range, out var read));
        Assert.Equal(position, read);

        // Moving a byte from one bound to the next is another query, though all bytes together are the same.
        var other = new ScanRange([.. range.Prefix, .. range.Start], [], []);
        Assert.Equal(range.Start.Length == 0, ScanCursor.TryRead(text, other, out _));
        Assert.False(ScanCursor.TryRead(text, range with { End = [255, 255, 255, 255, 255] }, out _));
    }, Cases / 10);

    private static (PercentDecoding Status, byte[]? Bytes) DumbDecode(string text)
    {
        if (text.Any(c => c is <= ' ' or > '~' or '?' or '#'))
        {
            return (PercentDecoding.BadCharacter, null);
        }

        List<byte> bytes = [];
        for (var rest = text; rest.Length > 0;)
        {
            if (rest[0] != '%')
            {
                bytes.Add((byte)rest[0]);
                rest = rest[1..];
            }
            else if (Escape().IsMatch(rest))
            {
                bytes.Add(Convert.FromHexString(rest[1..3])[0]);
                rest = rest[3..];
            }
            else
            {
                return (PercentDecoding.BadEscape, null);
            }
        }

        return bytes.Count > 4 ? (PercentDecoding.TooLong, null) : (PercentDecoding.Decoded, [.. bytes]);
    }

    private static void ForEachSeed(Action<SplitMix64> check, int cases = Cases)
    {
        for (var seed = 1UL; seed <= (ulong)cases; seed++)
        {
            try
            {
                check(new SplitMix64(seed));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed} fails: {e.Message}", e);
            }
        }
    }

    private static byte[] Bytes(SplitMix64 random, int count)
    {
        var bytes = new byte[count];
        foreach (ref var b in bytes.AsSpan())
        {
            b = (byte)random.NextUInt64();
        }

        return bytes;
    }

    private static string Text(SplitMix64 random, string alphabet, int maxLength) =>
        string.Concat(Enumerable.Range(0, random.Next(maxLength + 1)).Select(_ => alphabet[random.Next(alphabet.Length)]));

    [GeneratedRegex("^%[0-9A-Fa-f]{2}")]
    private static partial Regex Escape();

    [GeneratedRegex("^[ \t,]*((W/)?\"[!\\x23-\\x7E]*\"[ \t]*(,[ \t,]*|$))*$")]
    private static partial Regex TagList();

    [GeneratedRegex("(?:W/)?\"([!\\x23-\\x7E]*)\"")]
    private static partial Regex Tag();

    [GeneratedRegex("^[1-9][0-9]*$")]
    private static partial Regex Number();
}
