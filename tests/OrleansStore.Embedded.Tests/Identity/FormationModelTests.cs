using OrleansStore.Datacenters.Identity;

namespace OrleansStore.Embedded.Tests.Identity;

public sealed class FormationModelTests
{
    [Theory, Trait("Category", "Simulation")]
    [InlineData(0, 0, false, 20_000)]
    [InlineData(1, 1, true, 20_000)]
    [InlineData(2, 2, true, 20_000)]
    public void Formation_KeepsItsInvariants_InAllInterleavingsUpToABound(int maxCrashes, int maxWipes, bool isRunning, int maxStates) =>
        Explore(maxCrashes, maxWipes, isRunning, maxStates);

    [Theory, Trait("Category", "Slow")]
    [InlineData(1, 1, false, 300_000)]
    [InlineData(1, 1, true, 300_000)]
    [InlineData(2, 2, true, 300_000)]
    public void Formation_KeepsItsInvariants_InAllInterleavingsUpToALargeBound(int maxCrashes, int maxWipes, bool isRunning, int maxStates) =>
        Explore(maxCrashes, maxWipes, isRunning, maxStates);

    [Theory, Trait("Category", "Property")]
    [InlineData(0x5EEDUL, 3000)]
    public void Formation_KeepsItsInvariants_InRandomRunsWithManyFaults(ulong seed, int runs)
    {
        var (formed, joined, proposedAgain) = (0, 0, 0);
        for (var run = 0; run < runs; run++)
        {
            var random = new SplitMix64(seed + (ulong)run);
            var state = FormationModel.Start();
            List<string> trace = [];
            for (var step = 0; step < 120; step++)
            {
                // Faults are a small part of what can happen at a time, or nothing would ever be formed.
                var all = state.Successors(6, 6).ToList();
                var calm = all.Where(successor => !successor.Action.StartsWith("crash", StringComparison.Ordinal) && !successor.Action.StartsWith("wipe", StringComparison.Ordinal)).ToList();
                var choice = calm.Count > 0 && random.Next(8) > 0 ? calm : all;
                if (choice.Count == 0)
                {
                    break;
                }

                var (action, next) = choice[random.Next(choice.Count)];
                trace.Add(action);
                Check(state, next, () => $"seed {seed} run {run}: {string.Join("; ", trace)}");
                state = next;
            }

            CheckSettled(state, () => $"seed {seed} run {run}: {string.Join("; ", trace)}");
            formed += state.Folders.Any(folder => folder.Phase == FormationPhase.Member) ? 1 : 0;
            joined += state.Folders.Any(folder => folder.Phase == FormationPhase.Joining) ? 1 : 0;
            proposedAgain += state.Stores > 1 ? 1 : 0;
        }

        // The runs have seen what they are about.
        Assert.True(formed > runs / 10 && joined > runs / 20 && proposedAgain > runs / 20, $"{formed} formed, {joined} joined, {proposedAgain} proposed again, of {runs}");
    }

    // The founders b and c promised S to a. a decided, told c, and both were wiped; what c said is still on its way to b when a's next folder proposes S' and
    // b and c's next
    // folder promise it. b must not turn back to S then: S' is decided on its word.
    [Fact, Trait("Category", "Simulation")]
    public void Promise_Binds_WhenWordOfADeadStoreComesLate() => CheckSettled(
        Play(
            FormedByTheCoordinator,
            "2 hears 0", "decide 2", "crash 0", "crash 2", "wipe 0", "wipe 2", "start 0", "start 2", "0 hears 1", "0 hears 2", "decide 0",
            "1 hears 0", "1 hears 0", "1 hears 0", "decide 1", "2 hears 0", "2 hears 0", "2 hears 1", "decide 2", "0 hears 1", "0 hears 2",
            "1 hears 2", "1 hears 2", "decide 1?", "decide 0"),
        () => "scripted");

    // a decided S and told c; wiped, its next folder proposed S' to b before it heard of S, and was wiped again. Nobody is left who could decide S': b is free.
    [Fact, Trait("Category", "Simulation")]
    public void Promise_IsVoid_WhenItsCoordinatorWasWiped() => CheckSettled(
        Play(
            FormedByTheCoordinator,
            "2 hears 0", "crash 0", "wipe 0", "start 0", "0 hears 1", "0 hears 2", "decide 0", "1 hears 0", "1 hears 0", "1 hears 0", "decide 1",
            "decide 2", "crash 0", "wipe 0"),
        () => "scripted");

    private static readonly string[] FormedByTheCoordinator =
        ["decide 0", "1 hears 0", "decide 1", "2 hears 0", "decide 2", "0 hears 1", "0 hears 2", "decide 0"];

    // An action that ends in ? is taken if it can be.
    private static FormationModel Play(string[] beginning, params string[] actions)
    {
        var state = FormationModel.Running();
        foreach (var action in beginning.Concat(actions))
        {
            var next = state.Successors(9, 9).Where(successor => successor.Action == action.TrimEnd('?')).Select(successor => successor.Next).SingleOrDefault();
            Assert.True(next is not null || action.EndsWith('?'), $"'{action}' cannot happen");
            if (next is not null)
            {
                Check(state, next, () => action);
                state = next;
            }
        }

        return state;
    }

    private static void Explore(int maxCrashes, int maxWipes, bool isRunning, int maxStates)
    {
        var start = isRunning ? FormationModel.Running() : FormationModel.Start();
        Dictionary<string, (string? Parent, string Action)> seen = new() { [start.Key] = (null, "begin") };
        Queue<FormationModel> queue = new([start]);
        var (held, visited) = (0, 0);
        while (queue.TryDequeue(out var state))
        {
            var key = state.Key;
            foreach (var (action, next) in state.Successors(maxCrashes, maxWipes))
            {
                if (seen.Count < maxStates && seen.TryAdd(next.Key, (key, action)))
                {
                    Check(state, next, () => Trace(seen, next.Key));
                    queue.Enqueue(next);
                    held += next.Folders.Any(folder => folder.HoldsStore) ? 1 : 0;
                }
            }

            if (++visited % 32 == 0)
            {
                CheckSettled(state, () => Trace(seen, key));
            }
        }

        // The exploration has reached what it is about.
        Assert.True(held > 0, $"no store was formed in {seen.Count} states");
    }

    private static void Check(FormationModel before, FormationModel after, Func<string> trace)
    {
        var members = after.Folders.Where(folder => folder.HoldsStore).ToList();
        Assert.True(members.Select(folder => folder.StoreId).Distinct().Count() <= 1, $"two stores are held: {trace()}");
        foreach (var (was, now) in before.Folders.Zip(after.Folders))
        {
            // An old incarnation never comes back, and what is held is not given up but by a wipe.
            Assert.True(now.Incarnation >= was.Incarnation, $"an incarnation was used again: {trace()}");
            Assert.True(was.Incarnation != now.Incarnation || !was.HoldsStore || was.Equals(now), $"a store was given up: {trace()}");
            if (was.Phase != FormationPhase.Member && now.Phase == FormationPhase.Member)
            {
                // Served is only what this folder promised, and promised only when it had heard everybody.
                Assert.True(was.Phase == FormationPhase.Promised, $"a member that never promised: {trace()}");
                Assert.Equal(now.Incarnation, now.FoundingIncarnationOf(now.Datacenter));
            }

            if (was.Phase == FormationPhase.Empty && now.Phase == FormationPhase.Promised)
            {
                var at = 3 * (now.Datacenter.Value - 1);
                Assert.True(Enumerable.Range(0, 3).All(other => other == now.Datacenter.Value - 1 || before.Views[at + other] is not null), $"a promise before all hellos: {trace()}");
            }
        }
    }

    private static void CheckSettled(FormationModel state, Func<string> trace)
    {
        var settled = state.Settle();
        Assert.True(settled.Folders.All(folder => folder.HoldsStore), $"it does not come to an end ({settled.Key}): {trace()}");
        Assert.True(settled.Folders.Select(folder => folder.StoreId).Distinct().Count() == 1, $"it ends with two stores ({settled.Key}): {trace()}");
    }

    private static string Trace(Dictionary<string, (string? Parent, string Action)> seen, string key)
    {
        Stack<string> actions = new();
        for (string? at = key; at is not null; at = seen[at].Parent)
        {
            actions.Push(seen[at].Action);
        }

        return string.Join("; ", actions);
    }
}
