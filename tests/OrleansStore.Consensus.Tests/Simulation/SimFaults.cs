namespace OrleansStore.Consensus.Tests.Simulation;

/// <summary>How hostile one run is; drawn from its seed.</summary>
internal sealed class SimFaults
{
    private SimFaults()
    {
    }

    public required int Replicas { get; init; }

    /// <summary>Per mille of messages that are lost, and that arrive twice.</summary>
    public required int LossPerMille { get; init; }

    public required int DuplicatePerMille { get; init; }

    /// <summary>Messages take [1 ms, this) each on its own, so they overtake each other.</summary>
    public required int MaxDelayMs { get; init; }

    /// <summary>A write becomes durable after [0, this) ms.</summary>
    public required int MaxFsyncMs { get; init; }

    /// <summary>Mean time between two faults (crash, pause, partition, one-way cut, hibernation, transfer, membership change, compaction).</summary>
    public required int FaultEveryMs { get; init; }

    public required bool ChangesMembers { get; init; }

    /// <summary>Clocks run this much too fast or slow, in per mille; within the drift bound of the options.</summary>
    public required int DriftPerMille { get; init; }

    public static SimFaults Draw(IRandomSource random)
    {
        int[] sizes = [3, 3, 5];
        return new SimFaults
        {
            Replicas = sizes[random.Next(sizes.Length)],
            LossPerMille = random.Next(4) * 30,
            DuplicatePerMille = random.Next(3) * 50,
            MaxDelayMs = 2 + (random.Next(4) * random.Next(4) * 20),
            MaxFsyncMs = 1 + (random.Next(3) * 15),
            FaultEveryMs = 150 + random.Next(1_500),
            ChangesMembers = random.Next(2) == 0,
            DriftPerMille = random.Next(2) * 40,
        };
    }
}
