using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OrleansStore.Client.Tests.Support;
using OrleansStore.Integration.Harness;
using Xunit.Abstractions;

namespace OrleansStore.Integration;

/// <summary>How the program starts and ends, as those see it who start it.</summary>
[Trait("Category", "Integration")]
public sealed class StartTests(ITestOutputHelper output) : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly int _peerPort = FreePorts.Take(Cluster.Size);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Program_IsReadySoon_KeepsItsDataInTheCallersFolder_AndServesItAgain()
    {
        var watch = Stopwatch.StartNew();
        await using (var first = Run())
        {
            using var client = new StoreClient((await first.ReadyAsync(Cluster.Size))[0]);
            output.WriteLine($"ready after {watch.Elapsed}");
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"It was ready after {watch.Elapsed}.");
            Assert.Equal(HttpStatusCode.Created, (await client.SendAsync("PUT", "/v1/kv/a", "1")).Status);
            Assert.True(Directory.Exists(_folder.Child("data/dc2")));
            Assert.Equal(0, await first.TerminateAsync());
        }

        await using var second = Run();
        using var reader = new StoreClient((await second.ReadyAsync(Cluster.Size))[2]);
        Assert.Equal("1", (await reader.SendAsync("GET", "/v1/kv/a")).Body);
    }

    [Fact]
    public async Task Program_Ends2_WithAllMistakes_WhenSettingsAreBad()
    {
        string[] mistakes = ["--nonsense", "63", "no Orleans engine"];
        await using var run = new SiloRun(_folder.Path, "--nonsense --buckets 63", ("ORLEANSSTORE__ENGINE", "orleans"));

        Assert.Equal(2, await run.ExitAsync());
        await Until.TrueAsync("all mistakes are told", () => mistakes.All(part => run.Errors.Contains(part, StringComparison.Ordinal)));
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("--buckets 128", "64", "128")]
    [InlineData("--primary dc3", "by the ring", "dc3")]
    public async Task Program_Ends2_WithBothValues_WhenTheStoreWasCreatedWithOthers(string arguments, string stored, string wanted)
    {
        await using (var first = Run())
        {
            await first.ReadyAsync(Cluster.Size);
            await first.TerminateAsync();
        }

        await using var second = Run(arguments);

        Assert.Equal(2, await second.ExitAsync());
        await Until.TrueAsync("both values are told", () => second.Errors.Contains(stored, StringComparison.Ordinal) && second.Errors.Contains(wanted, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Program_Ends3_WhenTheDataFolderIsInUse()
    {
        await using var first = Run();
        await first.ReadyAsync(Cluster.Size);
        await using var second = Run();

        Assert.Equal(3, await second.ExitAsync());
        await Until.TrueAsync("the reason is told", () => second.Errors.Contains("is in use by", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Program_Ends4_WithFileAndOffset_WhenDataIsDamaged()
    {
        await using (var first = Run())
        {
            using var client = new StoreClient((await first.ReadyAsync(Cluster.Size))[0]);
            await client.SendAsync("PUT", "/v1/kv/a", "1");
            await first.TerminateAsync();
        }

        var segment = Directory.GetFiles(_folder.Child("data/dc2/wal")).Order(StringComparer.Ordinal).First();
        FlipBit(segment, 4_200);
        await using var second = Run();

        Assert.Equal(4, await second.ExitAsync());
        await Until.TrueAsync("file and offset are told", () => second.Errors.Contains($"{segment} is damaged at offset", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Program_Ends1_WhenAPortIsTaken()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;
        await using var run = new SiloRun(_folder.Path, $"--datacenter a --http 127.0.0.1:{port} --peers a=127.0.0.1:{_peerPort},b=127.0.0.1:{_peerPort + 1}");

        Assert.Equal(1, await run.ExitAsync());
        await Until.TrueAsync("the port is told", () => run.Errors.Contains($"127.0.0.1:{port}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Program_StopsAtASignal_AlsoBeforeItsStoreIsFormed()
    {
        await using var run = new SiloRun(_folder.Path, $"--datacenter a --http 127.0.0.1:0 --peers a=127.0.0.1:{_peerPort},b=127.0.0.1:{_peerPort + 1}");
        await Until.TrueAsync("it waits for its peer", () => run.Errors.Contains("holds no store yet", StringComparison.Ordinal));

        Assert.Equal(0, await run.TerminateAsync());
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Stop_AnswersWhatIsUnderWay()
    {
        await using var run = Run();
        var clients = (await run.ReadyAsync(Cluster.Size)).Select(address => new StoreClient(address)).ToList();
        await Task.WhenAll(clients.Select(client => client.SendAsync("GET", "/health/live")));
        var answers = Enumerable.Range(0, 60).Select(i => clients[i % Cluster.Size].TrySendAsync("PUT", $"/v1/kv/under-way/{i}", "1")).ToList();
        await Task.WhenAny(answers);

        Assert.Equal(0, await run.TerminateAsync());

        // A connection that the server had not accepted yet may be refused; a request that it took is answered, and rightly.
        foreach (var answer in await Task.WhenAll(answers))
        {
            Assert.True(answer is null || answer.Status == HttpStatusCode.Created, $"A request under way was answered {answer}.");
        }

        clients.ForEach(client => client.Dispose());
    }

    private static void FlipBit(string file, long offset)
    {
        using var stream = new FileStream(file, FileMode.Open);
        stream.Position = offset;
        var value = stream.ReadByte();
        stream.Position = offset;
        stream.WriteByte((byte)(value ^ 1));
    }

    private SiloRun Run(string arguments = "") => new(_folder.Path, $"--http-port 0 --peer-port {_peerPort} {arguments}");
}
