using OrleansStore.Storage.Testing;

namespace OrleansStore.Storage.Tests.Durability;

/// <summary>Random lives of one folder through several processes, compared with a list in memory.</summary>
public sealed class ModelTests
{
    [Fact, Trait("Category", "Durability")]
    public void Storage_AgreesWithTheModel_WhenProcessesEndInAnyWay() => RunSeeds(first: 1000, count: 300);

    [Fact, Trait("Category", "Slow")]
    public void Storage_AgreesWithTheModel_WhenProcessesEndInAnyWayManyTimes() => RunSeeds(first: 100_000, count: 5000);

    private static void RunSeeds(ulong first, int count)
    {
        for (var seed = first; seed < first + (ulong)count; seed++)
        {
            try
            {
                RunLife(seed);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"seed={seed}: {exception.Message}", exception);
            }
        }
    }

    private static void RunLife(ulong seed)
    {
        var random = new Prng(seed);
        var disk = new MemoryDisk(random.NextBits());
        var workload = new Workload(random.NextBits());
        for (var process = 0; process < 6; process++)
        {
            // Reopening compares every bucket with the model.
            workload.Open(disk);
            RunProcess(workload, disk, random);
        }

        workload.Open(disk);
    }

    private static void RunProcess(Workload workload, MemoryDisk disk, Prng random)
    {
        var failAt = disk.OperationCount + 1 + random.Next(80);
        switch (random.Next(4))
        {
            case 0:
                Assert.True(workload.Run(random.Next(40)));
                workload.Host.Close();
                return;
            case 1:
                workload.Run(random.Next(40));
                break;
            case 2:
                disk.CrashAt = failAt;
                workload.Run(60);
                break;
            default:
                // One operation fails, whatever it is. If it was a sync of the log, everything after it must be refused.
                disk.Fails = operation => operation.Number == failAt;
                workload.Run(60);
                disk.Fails = null;
                break;
        }

        if (random.Chance(30))
        {
            disk.KillProcess();
        }
        else
        {
            disk.Crash(random.Chance(20) ? CrashLoss.All : random.Chance(20) ? CrashLoss.Nothing : CrashLoss.Random);
        }
    }
}
