using OrleansStore.Verification.Nemesis.Faults;

namespace OrleansStore.Verification.Tests.Nemesis;

/// <summary>What is done to a cluster, and when.</summary>
[Trait("Category", "Property")]
public sealed class FaultScheduleTests
{
    private const int Datacenters = 3;
    private static readonly FaultKind[] All = Enum.GetValues<FaultKind>();

    [Fact]
    public void Schedule_IsOneFaultAtATime_InItsTime()
    {
        for (var seed = 0UL; seed < 300; seed++)
        {
            var random = new SplitMix64(seed);
            var kinds = All.Where(_ => random.Next(2) == 0).ToArray();
            var (from, duration) = (TimeSpan.FromSeconds(random.Next(30)), TimeSpan.FromSeconds(10 + random.Next(900)));
            var schedule = FaultSchedule.Create(kinds, from, duration, Datacenters, random);

            Assert.True(kinds.Length == 0 || schedule.Count > 0, $"seed {seed}: nothing in {duration}");
            Assert.All(schedule, fault => Assert.True(fault.Start >= from && fault.Start + fault.Duration < from + duration, $"seed {seed}: {fault} is not within {from} + {duration}"));
            for (var i = 1; i < schedule.Count; i++)
            {
                var pause = schedule[i].Start - schedule[i - 1].Start - schedule[i - 1].Duration;
                Assert.True(pause >= FaultSchedule.ShortestSlot * 0.3, $"seed {seed}: only {pause} between {schedule[i - 1]} and {schedule[i]}");
            }
        }
    }

    [Fact]
    public void Schedule_HasEachKindAsOftenAsAnyOther_AndStrikesEveryDatacenter()
    {
        for (var seed = 0UL; seed < 100; seed++)
        {
            var schedule = FaultSchedule.Create(All, TimeSpan.Zero, TimeSpan.FromMinutes(10), Datacenters, new SplitMix64(seed));

            var counts = All.Select(kind => schedule.Count(fault => fault.Kind == kind)).ToList();
            Assert.True(counts.Min() >= 3 && counts.Max() - counts.Min() <= 1, $"seed {seed}: {string.Join(' ', counts)}");
            foreach (var kind in All.Except([FaultKind.DiskFull, FaultKind.AllKilled]))
            {
                Assert.Equal([0, 1, 2], schedule.Where(fault => fault.Kind == kind).Select(fault => fault.Victim).Distinct().Order());
            }

            Assert.All(schedule.Where(fault => fault.Kind == FaultKind.DiskFull), fault => Assert.Equal(Datacenters - 1, fault.Victim));
            Assert.All(schedule, fault => Assert.Equal(fault.Kind == FaultKind.Pair, fault.Peer != fault.Victim));
            Assert.All(schedule, fault => Assert.InRange(fault.Peer, 0, Datacenters - 1));
        }
    }

    [Fact]
    public void Schedule_FollowsFromItsSeed_WhateverTheOrderOfTheKinds()
    {
        var first = FaultSchedule.Create(All, TimeSpan.Zero, TimeSpan.FromMinutes(2), Datacenters, new SplitMix64(7));

        Assert.Equal(first, FaultSchedule.Create([.. All.Reverse()], TimeSpan.Zero, TimeSpan.FromMinutes(2), Datacenters, new SplitMix64(7)));
        Assert.NotEqual(first, FaultSchedule.Create(All, TimeSpan.Zero, TimeSpan.FromMinutes(2), Datacenters, new SplitMix64(8)));
    }

    [Theory]
    [InlineData(FaultKind.Kill, false)]
    [InlineData(FaultKind.Blackhole, false)]
    [InlineData(FaultKind.Pair, true)]
    public void Fault_SparesWhoeverStillReachesAMajority(FaultKind kind, bool sparesVictim)
    {
        var fault = new FaultEvent(kind, TimeSpan.Zero, TimeSpan.Zero, Victim: 1, Peer: kind == FaultKind.Pair ? 2 : 1, IsInbound: false);

        Assert.True(fault.Spares(0) && fault.Spares(2));
        Assert.Equal(sparesVictim, fault.Spares(1));
        Assert.False((fault with { Kind = FaultKind.AllKilled }).Spares(0));
    }
}
