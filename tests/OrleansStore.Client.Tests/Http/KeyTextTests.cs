using System.Globalization;
using System.Text;
using OrleansStore.Client.Http.Answers;
using OrleansStore.Client.Http.Requests;

namespace OrleansStore.Client.Tests.Http;

/// <summary>How keys become text and back.</summary>
[Trait("Category", "Property")]
public sealed class KeyTextTests
{
    [Theory]
    [InlineData("a", "/v1/kv/a")]
    [InlineData("~ns/{cart 7}x", "/v1/kv/~ns/%7Bcart%207%7Dx")]
    [InlineData("a//b/", "/v1/kv/a//b/")]
    [InlineData("ä?#%", "/v1/kv/%C3%A4%3F%23%25")]
    [InlineData("...", "/v1/kv/...")]
    [InlineData(".", "/v1/kv?key64=Lg")]
    [InlineData("a/../b", "/v1/kv?key64=YS8uLi9i")]
    [InlineData("\0", "/v1/kv?key64=AA")]
    public void Target_CarriesEveryByte(string key, string target)
    {
        var bytes = Encoding.UTF8.GetBytes(key);

        Assert.Equal(target, KeyTarget.Of(bytes));
        Assert.Equal(target + (target.Contains('?', StringComparison.Ordinal) ? "&c=e" : "?c=e"), KeyTarget.Of(bytes, "c=e"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Encoding_IsThatOfTheDumbVersion_AndDecodesToTheSameKey(ulong seed)
    {
        var random = new SplitMix64(seed);
        for (var round = 0; round < 2000; round++)
        {
            var bytes = new byte[1 + random.Next(40)];
            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)(random.Next(2) == 0 ? random.Next(256) : "ab./~-_%{}"[random.Next(10)]);
            }

            var text = KeyTarget.Encode(bytes);

            Assert.True(Dumb(bytes) == text, $"seed {seed}, round {round}");
            Assert.True(KeyText.Decode(Encoding.ASCII.GetBytes(text)) == new StoreKey(NamespaceId.Default, bytes), $"seed {seed}, round {round}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("%")]
    [InlineData("%4")]
    [InlineData("ab%")]
    [InlineData("%%%%")]
    [InlineData("%G0")]
    [InlineData("%+1")]
    [InlineData("a%4")]
    public void Decoding_RefusesBrokenText(string text) => Assert.Throws<FormatException>(() => KeyText.Decode(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Decoding_RefusesTooLongKeys()
    {
        Assert.Equal(StoreLimits.MaxKeyBytes, KeyText.Decode(Encoding.ASCII.GetBytes(new string('a', StoreLimits.MaxKeyBytes))).Bytes.Length);
        Assert.Throws<FormatException>(() => KeyText.Decode(Encoding.ASCII.GetBytes(new string('a', StoreLimits.MaxKeyBytes + 1))));
    }

    private static string Dumb(byte[] bytes) => string.Concat(bytes.Select(b =>
        char.IsAsciiLetterOrDigit((char)b) || (char)b is '-' or '.' or '_' or '~' or '/' ? ((char)b).ToString() : string.Create(CultureInfo.InvariantCulture, $"%{b:X2}")));
}
