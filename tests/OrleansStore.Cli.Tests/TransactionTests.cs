using System.Text;
using OrleansStore.Cli.Tests.Support;
using OrleansStore.Client.Tests.Support;

namespace OrleansStore.Cli.Tests;

/// <summary>txn against a real store.</summary>
[Collection(RealStoreCollection.Name), Trait("Category", "Integration")]
public sealed class TransactionTests(RealStore real)
{
    private readonly Ostore _ostore = new(real.Addresses);

    [Fact]
    public async Task Transaction_OfOptions_HappensOnceAsAWhole()
    {
        string[] move = ["txn", "--if-absent", "{t1}sent", "--put", "{t1}sent=1", "--put", "{t1}a%3Db=x=y"];

        var first = (await _ostore.RunAsync(move)).Ends(ExitCode.Ok);
        var second = (await _ostore.RunAsync(move)).Ends(ExitCode.PreconditionFailed);

        Assert.Equal(["created {t1}sent", "created {t1}a=b"], first.Lines[..2]);
        Assert.Contains("that {t1}sent does not exist", second.Errors);
        Assert.Equal("x=y", (await _ostore.RunAsync("get", "{t1}a=b")).Ends(ExitCode.Ok).Output);
    }

    [Fact]
    public async Task Transaction_ObeysEveryKindOfGuard()
    {
        var revision = (await _ostore.RunAsync("put", "{t2}a", "1", "--output", "json")).Ends(ExitCode.Ok).Json.GetProperty("revision").GetUInt64();

        (await _ostore.RunAsync("txn", "--if-exists", "{t2}a", "--if-revision", $"{{t2}}a={revision}", "--if-value", "{t2}a=1", "--put", "{t2}b=1")).Ends(ExitCode.Ok);
        (await _ostore.RunAsync("txn", "--if-exists", "{t2}none", "--put", "{t2}b=2")).Ends(ExitCode.PreconditionFailed);
        (await _ostore.RunAsync("txn", "--if-revision", "{t2}a=999999", "--put", "{t2}b=2")).Ends(ExitCode.PreconditionFailed);
        (await _ostore.RunAsync("txn", "--if-value", "{t2}a=2", "--delete", "{t2}b")).Ends(ExitCode.PreconditionFailed);
        Assert.Equal("1", (await _ostore.RunAsync("get", "{t2}b")).Output);
        Assert.StartsWith("all guards hold", (await _ostore.RunAsync("txn", "--if-exists", "{t2}a")).Ends(ExitCode.Ok).Output);
    }

    [Fact]
    public async Task Transaction_IsReadFromFileAndInput()
    {
        const string json = """
            {"guards":[{"key":"{t3}a","exists":false}],
             "then":[{"put":{"key":"%7Bt3}a","value":"AAH/","contentType":"x/y"}},{"delete":{"key":"{t3}b"}}]}
            """;
        using var folder = new TestFolder();
        var path = Path.Combine(folder.Path, "txn.json");
        await File.WriteAllTextAsync(path, json);

        var done = (await _ostore.RunAsync("txn", path, "--output", "json")).Ends(ExitCode.Ok).Json;
        var again = (await _ostore.RunAsync(Encoding.UTF8.GetBytes(json), default, "txn", "-", "--output", "json")).Ends(ExitCode.PreconditionFailed);

        Assert.Equal(["created", "missing"], done.GetProperty("operations").EnumerateArray().Select(operation => operation.GetProperty("operation").GetString()));
        Assert.Equal(0, again.Json.GetProperty("failedGuard").GetInt32());
        Assert.Equal(new byte[] { 0, 1, 255 }, (await _ostore.RunAsync("get", "{t3}a")).Bytes);
    }

    [Fact]
    public async Task Transaction_EndsWith2AndAHint_WhenKeysDoNotShareABucket()
    {
        var refused = (await _ostore.RunAsync(["txn", .. Enumerable.Range(0, 20).Select(i => $"--put=t4/{i}=x")])).Ends(ExitCode.Usage);

        Assert.Contains("{part}", refused.Errors);
        (await _ostore.RunAsync("get", "t4/0")).Ends(ExitCode.NotFound);
    }

    [Theory]
    [InlineData("{", "no JSON")]
    [InlineData("[]", "no object")]
    [InlineData("{}", "at least one guard or operation")]
    [InlineData("""{"then":[],"when":[]}""", "'when'")]
    [InlineData("""{"guards":[{"key":"a"}]}""", "guards[0]")]
    [InlineData("""{"guards":[{"key":"a","exist":true}]}""", "'exist'")]
    [InlineData("""{"guards":[{"key":"a","revision":-1}]}""", "revision")]
    [InlineData("""{"then":[{"put":{"key":"a"}}]}""", "then[0].put: value")]
    [InlineData("""{"then":[{"put":{"key":"a","value":"?"}}]}""", "no base64")]
    [InlineData("""{"then":[{"put":{"key":"a%","value":""}}]}""", "%25")]
    [InlineData("""{"then":[{"delete":{"key":"a"},"put":{"key":"b","value":""}}]}""", "either a put or a delete")]
    [InlineData("""{"then":[{"delete":{"key":"a"}},{"delete":{"key":"a"}}]}""", "twice")]
    public async Task Transaction_SaysWhereItIsWrong(string json, string part) =>
        Assert.Contains(part, (await _ostore.RunAsync(Encoding.UTF8.GetBytes(json), default, "txn", "-")).Ends(ExitCode.Usage).Errors);
}
