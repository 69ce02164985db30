using OrleansStore.Datacenters.Identity;
using OrleansStore.Embedded.Tests.Harness;
using OrleansStore.Service.Peers;
using OrleansStore.Storage.Testing;
using static OrleansStore.Embedded.Tests.Harness.Identities;

namespace OrleansStore.Embedded.Tests.Identity;

[Trait("Category", "Simulation")]
public sealed class StoreFormationTests
{
    private const string Record = "data/dc3/formation.bin";

    [Fact]
    public void Store_IsFormedOnce_WhenAllAreThere()
    {
        var store = new VirtualStore(3);
        store.StartAll();
        store.RunUntilFormed(1);
        Assert.Single(store.Nodes.Select(node => node.Formation!.Own.StoreId).Distinct());
        Assert.All(store.Nodes, node => Assert.Equal(FormationPhase.Member, node.Formation!.Own.Phase));
        Assert.All(store.Nodes, node => Assert.Equal(store[1].Formation!.Founders.AsEnumerable(), node.Formation!.Founders.AsEnumerable()));
        Assert.All(store.Nodes, node => Assert.Equal(3, node.Formation!.Members.Length));
        store.World.RunUntil(() => store.Nodes.All(node => node.Links!.Status().All(status => status.State == LinkState.Up)), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Store_IsFormed_WhenItsOnlyDatacenterStarts()
    {
        var store = new VirtualStore(1);
        store.StartAll();
        store.RunUntilFormed(0.1);
    }

    [Fact]
    public void Nothing_IsFormed_WhileADatacenterIsMissing()
    {
        var store = new VirtualStore(3);
        store.Start(store[1]);
        store.Start(store[2]);
        store.World.RunFor(TimeSpan.FromSeconds(30));
        Assert.All(store.Nodes[..2], node => Assert.Equal(FormationPhase.Empty, node.Formation!.Own.Phase));
        Assert.All(store.Nodes[..2], node => Assert.Contains("no hello of dc3 yet", node.Formation!.WaitsFor, StringComparison.Ordinal));

        store.Start(store[3]);
        store.RunUntilFormed(3);
    }

    [Fact]
    public void Store_ComesBack_WhenAllAreKilledAndStarted()
    {
        var store = new VirtualStore(3);
        store.StartAll();
        store.RunUntilFormed();
        var before = store.Nodes.Select(node => node.Formation!.Own).ToList();
        foreach (var node in store.Nodes)
        {
            store.Kill(node);
            node.Disk.Crash(CrashLoss.All);
        }

        store.Start(store[2]);
        store.World.RunUntil(() => store[2].Formation?.Formed.IsCompletedSuccessfully == true, TimeSpan.FromSeconds(1));
        store.Start(store[1]);
        store.Start(store[3]);
        store.RunUntilFormed();
        Assert.Equal(before, store.Nodes.Select(node => node.Formation!.Own));
    }

    [Theory, Trait("Category", "Durability")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Formation_EndsInOneStore_WhenPowerFailsAtAnyDiskOperation(int victim)
    {
        var crashes = 0;
        foreach (var loss in new[] { CrashLoss.All, CrashLoss.Random, CrashLoss.Nothing })
        {
            for (var operation = 1; ; operation++)
            {
                var store = new VirtualStore(3, seed: (ulong)operation);
                store[victim].Disk.CrashAt = operation;
                store.StartAll();
                if (!RunUntilCrash(store, victim))
                {
                    break;
                }

                crashes++;
                store.Kill(store[victim]);
                store[victim].Disk.Crash(loss);
                store.Start(store[victim]);
                store.RunUntilFormed();
                Assert.True(
                    store.Nodes.Select(node => (node.Formation!.Own.StoreId, string.Join(' ', node.Formation.Founders))).Distinct().Count() == 1,
                    $"operation {operation} of dc{victim}, loss {loss}");
                Assert.True(store.Nodes.Count(node => node.Formation!.Own.Phase == FormationPhase.Member) == 3, $"operation {operation} of dc{victim}, loss {loss}");
            }
        }

        Assert.InRange(crashes, 3 * 20, 3 * 200);
    }

    [Fact]
    public void WipedFolder_JoinsUnderANewIncarnation_AndTheOldOneIsRefused()
    {
        var store = new VirtualStore(3);
        store.StartAll();
        store.RunUntilFormed();
        var (storeId, old) = (store[3].Formation!.Own.StoreId, store[3].Formation!.Own.Incarnation);
        store.Kill(store[3]);
        var backup = store[3].Disk.Clone();
        store[3].Disk = VirtualStore.EmptyDisk(99);
        store.Start(store[3]);
        store.RunUntilFormed();

        var own = store[3].Formation!.Own;
        Assert.Equal((FormationPhase.Joining, storeId), (own.Phase, own.StoreId));
        Assert.NotEqual(old, own.Incarnation);
        Assert.DoesNotContain(own.Incarnation, store[3].Formation!.Founders.Select(founder => founder.Incarnation));
        store.World.RunUntil(() => MemberOf(1, 3).Current == own.Incarnation && MemberOf(2, 3).Current == own.Incarnation, TimeSpan.FromSeconds(1));
        Assert.True(MemberOf(1, 3).IsJoining);
        Assert.Equal(old, Assert.Single(MemberOf(1, 3).Previous));
        Assert.Equal(old, Assert.Single(MemberOf(3, 3).Previous));

        // Replicas are caught up and taken in: it is a member, and its peers hear of it.
        var completed = store[3].Process!.Start(() => store[3].Formation!.CompleteJoinAsync());
        store.World.RunUntil(() => completed.IsCompleted && !MemberOf(1, 3).IsJoining, TimeSpan.FromSeconds(1));
        Assert.Equal(FormationPhase.Member, store[3].Formation!.Own.Phase);

        // The old disk is found and put back, and dc1 has been started anew meanwhile: it knows by its record.
        store.Kill(store[1]);
        store.Kill(store[3]);
        store.Start(store[1]);
        store[3].Disk = backup;
        store.Start(store[3]);
        store.World.RunUntil(
            () => store[1].Links?.Status().Any(status => status.State == LinkState.Refused) == true, TimeSpan.FromSeconds(5));
        var reason = store[1].Links!.Status().Single(status => status.State == LinkState.Refused).Reason;
        Assert.Contains($"incarnation differs: dc3 comes with {old}, which {own.Incarnation} has replaced", reason, StringComparison.Ordinal);
        store.World.RunUntil(() => store[3].Links!.Status().All(status => status.State == LinkState.Refused), TimeSpan.FromSeconds(5));
        Assert.Contains($"{own.Incarnation}", store[3].Links!.Status()[0].Reason, StringComparison.Ordinal);

        MemberIncarnation MemberOf(int node, int number) => store[node].Formation!.Members.Single(member => member.Datacenter == Dc(number));
    }

    [Fact]
    public void SecondFolderOfADatacenter_IsRefused_WhileTheFirstIsConnected()
    {
        var store = new VirtualStore(3);
        store.StartAll();
        store.RunUntilFormed();
        store.World.RunFor(TimeSpan.FromSeconds(1));
        var first = store[1].Formation!.Own;
        var second = first with { Phase = FormationPhase.Joining, Incarnation = first.Incarnation ^ 1 };
        Assert.Equal(
            $"incarnation differs: dc1 comes with {second.Incarnation}, while {first.Incarnation} is connected", store[2].Formation!.Judge(second.Validated()));
        Assert.Null(store[2].Formation!.Judge(first));

        store.Kill(store[1]);
        store.World.RunFor(TimeSpan.FromSeconds(2));
        Assert.Null(store[2].Formation!.Judge(second));
    }

    [Fact]
    public void TwoStores_RefuseEachOther_AndNameBothIds()
    {
        var (first, second) = (new VirtualStore(2, seed: 1), new VirtualStore(2, seed: 2));
        foreach (var store in new[] { first, second })
        {
            store.StartAll();
            store.RunUntilFormed();
            store.Nodes.ToList().ForEach(store.Kill);
        }

        var (one, other) = (first[1].Formation!.Own.StoreId, second[2].Formation!.Own.StoreId);
        first[2].Disk = second[2].Disk;
        first.StartAll();
        first.World.RunUntil(() => first.Nodes.All(node => node.Links?.Status()[0].State == LinkState.Refused), TimeSpan.FromSeconds(5));
        Assert.Equal($"store id differs: dc1 has {one}, dc2 has {other}", first[1].Links!.Status()[0].Reason);
        Assert.Single(first[1].Logger.Lines, line => line.Id == 6003);
    }

    [Fact]
    public void DifferentSettings_AreRefusedByTheLink_BeforeAStoreIsFormed()
    {
        var store = new VirtualStore(2);
        store.Start(store[1]);
        store.Start(store[2], VirtualStore.Topology(2, buckets: 128));
        store.World.RunUntil(() => store.Nodes.All(node => node.Links?.Status()[0].State == LinkState.Refused), TimeSpan.FromSeconds(5));
        Assert.Equal("bucket count differs: dc1 has 64, dc2 has 128", store[1].Links!.Status()[0].Reason);
        Assert.Equal("bucket count differs: dc2 has 128, dc1 has 64", store[2].Links!.Status()[0].Reason);

        // The folder is still empty, so other settings may be tried.
        store.Kill(store[2]);
        store.Start(store[2]);
        store.RunUntilFormed();
    }

    [Fact]
    public void Start_IsRefusedWithAllValues_WhenTheSettingsDifferFromTheStore()
    {
        var store = new VirtualStore(3);
        store.StartAll();
        store.RunUntilFormed();
        store.Kill(store[3]);
        store.Start(store[3], VirtualStore.Topology(3, buckets: 128, primary: 2));
        store.World.RunUntil(() => store[3].Failure is not null, TimeSpan.FromSeconds(1));
        var failure = Assert.IsType<StoreException>(store[3].Failure);
        Assert.Equal(ErrorCode.IdentityMismatch, failure.Code);
        Assert.Contains("bucket count differs: the store has 64, the settings say 128", failure.Message, StringComparison.Ordinal);
        Assert.Contains("primary datacenter differs: the store has none (by the ring), the settings say dc2", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Start_IsRefused_WhenAPartOfTheFolderIsGone(bool isRecordGone)
    {
        var store = new VirtualStore(3);
        store.StartAll();
        store.RunUntilFormed();
        store.Kill(store[3]);
        var partial = VirtualStore.EmptyDisk(5);
        foreach (var (path, _) in store[3].Disk.Files().Where(file => (file.Path == Record) != isRecordGone))
        {
            partial.Put(path, store[3].Disk.Content(path));
        }

        store[3].Disk = partial;
        store.Start(store[3]);
        store.World.RunUntil(() => store[3].Failure is not null, TimeSpan.FromSeconds(1));
        var failure = Assert.IsType<CorruptionException>(store[3].Failure);
        Assert.Contains(isRecordGone ? "found none" : "remove the whole folder", failure.Message, StringComparison.Ordinal);
    }

    [Fact, Trait("Category", "Durability")]
    public void Record_IsRefused_WhenAnyBitIsFlipped()
    {
        var store = new VirtualStore(3);
        store.StartAll();
        store.RunUntilFormed();
        store.Kill(store[3]);
        var bytes = store[3].Disk.Content(Record);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<CorruptionException>(() => FormationRecord.Decode(Record, bytes));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<CorruptionException>(() => FormationRecord.Decode(Record, bytes.AsSpan(0, length)));
        }

        Assert.Equal(bytes, FormationRecord.Decode(Record, bytes).Encode());
    }

    [Fact]
    public void Formation_FailsForGood_WhenTheRecordCannotBeWritten()
    {
        var store = new VirtualStore(3);
        store[2].Disk.Fails = operation => operation.Kind == DiskOperationKind.Sync && store[2].Formation is not null;
        store.StartAll();
        store.World.RunUntil(() => store[2].Failure is not null, TimeSpan.FromSeconds(5));
        store.World.RunFor(TimeSpan.FromSeconds(5));
        Assert.IsAssignableFrom<IOException>(store[2].Failure);
        Assert.Equal(FormationPhase.Empty, store[2].Formation!.Own.Phase);
        Assert.DoesNotContain(store.Nodes, node => node.Formation!.Own.HoldsStore);

        store.Kill(store[2]);
        store[2].Disk.Fails = null;
        store.Start(store[2]);
        store.RunUntilFormed();
    }

    private static bool RunUntilCrash(VirtualStore store, int victim)
    {
        store.World.RunUntil(() => store[victim].Failure is not null || store.AllFormed(), TimeSpan.FromSeconds(10));
        if (store[victim].Failure is null)
        {
            // What follows the formation, the book of members, may still write.
            store.World.RunFor(TimeSpan.FromSeconds(1));
        }

        return store[victim].Failure is DiskCrashedException;
    }
}
