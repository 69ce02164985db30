using OrleansStore.Storage.Testing;

namespace OrleansStore.Storage.Tests.Durability;

/// <summary>Power failures at every boundary: what was acknowledged is there, what was never written is not.</summary>
public sealed class CrashTests
{
    private const int Steps = 150;

    [Fact, Trait("Category", "Durability")]
    public void Recovery_FindsEveryAcknowledgedWrite_WhenPowerFailsAtAnyOperation() => CrashEverywhere(seed: 0x5EED, stride: 1);

    [Fact, Trait("Category", "Durability")]
    public void Workload_ExercisesEveryMechanism_WhenItRunsThrough()
    {
        var disk = new MemoryDisk(seed: 1);
        var kinds = new HashSet<DiskOperationKind>();
        disk.Fails = operation =>
        {
            kinds.Add(operation.Kind);
            return false;
        };
        var workload = new Workload(0x5EED);
        workload.Open(disk);
        Assert.True(workload.Run(Steps));
        workload.Host.Idle();

        var statistics = workload.Host.Storage.Statistics;
        Assert.True(statistics.BytesCopiedForward > 0, "nothing was copied forward");
        Assert.DoesNotContain(disk.Files(), file => file.Path.EndsWith("/00000001.wal", StringComparison.Ordinal));
        Assert.All(Enum.GetValues<DiskOperationKind>(), kind => Assert.Contains(kind, kinds));
        Assert.True(workload.Histories.Count(history => history.Snapshot is not null) >= 3, "too few snapshots");
    }

    [Theory, Trait("Category", "Slow")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Recovery_FindsEveryAcknowledgedWrite_WhenPowerFailsAtAnyOperationOfOtherWorkloads(ulong seed) => CrashEverywhere(seed, stride: 1);

    [Fact, Trait("Category", "Durability")]
    public void Recovery_FindsEveryAcknowledgedWrite_WhenItCrashesItselfAgainAndAgain()
    {
        for (var crashAt = 20L; crashAt < 400; crashAt += 20)
        {
            var disk = new MemoryDisk(seed: (ulong)crashAt);
            var workload = new Workload(seed: 77);
            disk.CrashAt = crashAt;
            CrashOnce(workload, disk);

            // Each opening gets one operation further than the one before it, until one comes through.
            var attempts = 1;
            for (var furthest = 1; !TryOpenUntil(workload, disk, furthest); furthest++)
            {
                Assert.True(++attempts < 200, $"crashAt={crashAt}: recovery never finishes");
            }

            Assert.True(attempts > 1, "recovery was never interrupted");
            Assert.True(workload.Run(10), $"crashAt={crashAt}: {workload.Host.Storage.Failure}");
        }
    }

    private static bool TryOpenUntil(Workload workload, MemoryDisk disk, int operations)
    {
        disk.CrashAt = disk.OperationCount + operations;
        try
        {
            workload.Open(disk);
            disk.CrashAt = 0;
            return true;
        }
        catch (Exception exception) when (exception is IOException or StoreException)
        {
            disk.Crash(CrashLoss.Random);
            return false;
        }
    }

    private static void CrashEverywhere(ulong seed, int stride)
    {
        var operations = CountOperations(seed);
        Assert.True(operations > 300, $"only {operations} operations");
        for (var crashAt = 1L; crashAt <= operations; crashAt += stride)
        {
            try
            {
                CrashAndRecover(seed, crashAt);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"seed={seed:x} crashAt={crashAt}: {exception.Message}", exception);
            }
        }
    }

    private static void CrashAndRecover(ulong seed, long crashAt)
    {
        var disk = new MemoryDisk(seed + (ulong)crashAt) { CrashAt = crashAt };
        var workload = new Workload(seed);
        CrashOnce(workload, disk);

        workload.Open(disk);
        Assert.True(workload.Run(6), workload.Host.Storage.Failure?.Message);
        workload.Host.Close();
        workload.Open(disk);
        workload.Host.Close();
    }

    private static void CrashOnce(Workload workload, MemoryDisk disk)
    {
        try
        {
            workload.Open(disk);
            if (workload.Run(Steps))
            {
                workload.Host.Close();
            }
        }
        catch (Exception exception) when (exception is IOException or StoreException)
        {
            // It crashed while it was opened or closed.
        }

        disk.Crash(CrashLoss.Random);
    }

    private static long CountOperations(ulong seed)
    {
        var disk = new MemoryDisk(seed: 0);
        var workload = new Workload(seed);
        workload.Open(disk);
        Assert.True(workload.Run(Steps), workload.Host.Storage.Failure?.Message);
        workload.Host.Close();
        return disk.OperationCount;
    }
}
