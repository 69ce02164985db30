using System.Buffers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansStore.Grains.Abstractions;
using OrleansStore.Grains.Links;

namespace OrleansStore.Grains.Tests.Links;

[Trait("Category", "Unit")]
public sealed class GatewayStreamTests
{
    private const ulong Seed = 0x5EED_0002;
    private static readonly StreamId Id = new(17);

    [Fact]
    public async Task Bytes_AreReadInOrder_HoweverTheirBatchesOvertakeEachOther()
    {
        var random = new SplitMix64(Seed);
        for (var run = 0; run < 50; run++)
        {
            var stream = Create();
            var batches = Enumerable.Range(0, 40).Select(n => Batch(n, [(byte)n, (byte)run])).ToArray();
            for (var first = 0; first < batches.Length; first += 8)
            {
                foreach (var batch in Shuffled(batches.AsSpan(first, 8).ToArray(), random))
                {
                    Assert.True(await stream.ReceiveAsync(batch), $"seed {Seed:x}, run {run}");
                }
            }

            var read = await stream.Input.ReadAsync();
            Assert.Equal(batches.SelectMany(batch => batch.Bytes), read.Buffer.ToArray());
        }
    }

    [Fact]
    public async Task Stream_Breaks_WhenABatchComesTwice()
    {
        var stream = Create();
        Assert.True(await stream.ReceiveAsync(Batch(0, [1])));

        Assert.False(await stream.ReceiveAsync(Batch(0, [1])));

        await Assert.ThrowsAsync<IOException>(async () => await ReadToEndAsync(stream));
    }

    [Fact]
    public async Task Stream_Breaks_WhenABatchIsMissingForTooLong()
    {
        var stream = Create();
        for (var n = 1; n <= 64; n++)
        {
            Assert.True(await stream.ReceiveAsync(Batch(n, [1])));
        }

        Assert.False(await stream.ReceiveAsync(Batch(65, [1])));
    }

    [Fact]
    public async Task Batch_IsNotAnswered_BeforeTheReaderHasRoom()
    {
        var stream = Create();
        var waiting = Task.CompletedTask;
        long sent = 0;
        for (var n = 0; n < 64 && waiting.IsCompleted; n++)
        {
            waiting = stream.ReceiveAsync(Batch(n, new byte[GatewayStream.MaxBatchBytes])).AsTask();
            sent += GatewayStream.MaxBatchBytes;
        }

        Assert.False(waiting.IsCompleted, "4 MiB were taken although nobody reads.");
        var read = await stream.Input.ReadAsync();
        Assert.Equal(sent, read.Buffer.Length);
        stream.Input.AdvanceTo(read.Buffer.End);
        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task WaitingBatch_IsRefused_WhenTheStreamBreaks()
    {
        var stream = Create();
        var sends = Enumerable.Range(0, 16).Select(n => stream.ReceiveAsync(Batch(n, new byte[GatewayStream.MaxBatchBytes])).AsTask()).ToList();
        var waiting = sends.Where(send => !send.IsCompleted).ToList();
        Assert.NotEmpty(waiting);

        stream.Abort();

        foreach (var send in waiting)
        {
            Assert.False(await send.WaitAsync(TimeSpan.FromSeconds(10)));
        }
    }

    private static GatewayStream Create() =>
        new(Id, "dc1", new RemoteGateway("dc2", new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true }).Build(), NullLogger.Instance), new GatewayStreams());

    private static StreamBatch Batch(long sequence, byte[] bytes) => new(Id, "dc2", sequence, bytes, IsLast: false);

    private static async Task ReadToEndAsync(GatewayStream stream)
    {
        while (true)
        {
            var read = await stream.Input.ReadAsync();
            stream.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private static StreamBatch[] Shuffled(StreamBatch[] batches, SplitMix64 random)
    {
        for (var i = batches.Length - 1; i > 0; i--)
        {
            var j = (int)(random.NextUInt64() % (ulong)(i + 1));
            (batches[i], batches[j]) = (batches[j], batches[i]);
        }

        return batches;
    }
}
