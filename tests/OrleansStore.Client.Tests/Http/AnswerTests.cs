using System.Text;
using System.Text.Json;
using OrleansStore.Client.Http.Answers;

namespace OrleansStore.Client.Tests.Http;

/// <summary>Answers are read whole or not at all.</summary>
[Trait("Category", "Unit")]
public sealed class AnswerTests
{
    private const string Item = """{"key":"a","revision":1,"size":2,"contentType":"x/y","value":"AQI="}""";

    [Fact]
    public void Answers_SkipMembersOfLaterReleases()
    {
        var page = ScanAnswer.Read(Utf8("""{"later":[{"a":[1]}],"items":[{"later":{"b":null},"key":"a","revision":1,"size":2,"contentType":"x/y","value":"AQI="}],"next":null}"""), includesValues: true);
        var write = WriteAnswer.Read(Utf8("""{"later":{},"revision":18446744073709551615,"durability":2,"operations":["deleted"]}"""));
        var problem = Problem.TryRead(Utf8("""{"later":[],"code":"throttled","failedGuard":{"index":3,"key":"a"}}"""));

        Assert.Equal([1, 2], Assert.Single(page.Items).Value.ToArray());
        Assert.Equal(new Revision(ulong.MaxValue), write.Revision);
        Assert.Equal([OperationOutcome.Deleted], write.Operations.AsEnumerable());
        Assert.Equal(new Problem(ErrorCode.Throttled, "throttled", 3), problem);
    }

    [Theory]
    [InlineData("""{"next":null}""")]
    [InlineData("""{"items":[]}""")]
    [InlineData("""{"items":{},"next":null}""")]
    [InlineData("""{"items":[null],"next":null}""")]
    [InlineData("""{"items":[],"next":7}""")]
    [InlineData("""{"items":[{"revision":1,"size":0,"value":""}],"next":null}""")]
    [InlineData("""{"items":[{"key":"a","size":0,"value":""}],"next":null}""")]
    [InlineData("""{"items":[{"key":"a","revision":-1,"size":0,"value":""}],"next":null}""")]
    [InlineData("""{"items":[{"key":"a","revision":1,"size":3,"value":"AQI="}],"next":null}""")]
    [InlineData("""{"items":[{"key":"a","revision":1,"size":3}],"next":null}""")]
    [InlineData("""{"items":[{"key":"a","revision":1,"size":0,"value":"*"}],"next":null}""")]
    [InlineData("""{"items":[{"key":"%4","revision":1,"size":0,"value":""}],"next":null}""")]
    public void Page_IsRefused_WhenItLacksWhatAPageHas(string json) => AssertRefused(json, body => ScanAnswer.Read(body, includesValues: true));

    [Fact]
    public void Answers_AreRefused_WhereverTheyEndEarly()
    {
        var page = $$"""{"items":[{{Item}},{{Item}}],"next":"c"}""";
        const string write = """{"revision":1,"durability":2,"operations":["created"]}""";
        const string problem = """{"code":"throttled"}""";
        for (var length = 0; length < page.Length; length++)
        {
            AssertRefused(page[..length], body => ScanAnswer.Read(body, includesValues: true));
        }

        for (var length = 0; length < write.Length; length++)
        {
            AssertRefused(write[..length], body => WriteAnswer.Read(body).Revision);
        }

        for (var length = 0; length < problem.Length; length++)
        {
            Assert.Null(Problem.TryRead(Utf8(problem[..length])));
        }
    }

    [Theory]
    [InlineData("""{"operations":["made"]}""")]
    [InlineData("""{"operations":[1]}""")]
    [InlineData("""{"revision":"1"}""")]
    [InlineData("""{"revision":1.5}""")]
    [InlineData("""{"revision":1,"durability":4294967296}""")]
    [InlineData("[]")]
    public void WriteAnswer_IsRefused_WhenAMemberIsSomethingElse(string json) => AssertRefused(json, body => WriteAnswer.Read(body).Revision);

    [Fact]
    public void ProblemCodes_AreThoseOfTheErrorCodes()
    {
        string[] names =
        [
            "bad-request", "cross-bucket", "key-too-large", "not-found", "precondition-failed", "value-too-large", "idempotency-mismatch", "request-expired", "unavailable", "throttled",
            "disk-full", "outcome-unknown", "forbidden",
        ];

        Assert.Equal(Enum.GetValues<ErrorCode>().Where(code => (int)code < 100), names.Select(name => ProblemCodes.Parse(name)!.Value));
        Assert.Null(ProblemCodes.Parse("internal-error"));
        Assert.Null(ProblemCodes.Parse(null));
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static void AssertRefused(string json, Func<byte[], object> read)
    {
        var e = Record.Exception(() => read(Utf8(json)));
        Assert.True(e is FormatException or JsonException, $"{json} gives {e?.GetType().Name ?? "no exception"}");
    }
}
