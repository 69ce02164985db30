using System.Collections.Immutable;
using OrleansStore.Datacenters.Identity;
using static OrleansStore.Embedded.Tests.Harness.Identities;

namespace OrleansStore.Embedded.Tests.Identity;

/// <summary>Three datacenters as a transition system: the real decider, folders that are durable, processes that crash, folders that are wiped, and
/// what each says travelling to the others with any delay, also after its end.</summary>
/// <param name="Folders">What each folder holds.</param>
/// <param name="IsUp">Whether each process runs.</param>
/// <param name="Views">At 3 * listener + speaker: what the listener heard last.</param>
/// <param name="Channels">At 3 * listener + speaker: what is under way, oldest first.</param>
/// <param name="Crashes">Crashes so far.</param>
/// <param name="Wipes">Wipes so far.</param>
/// <param name="Incarnations">Incarnations drawn so far.</param>
/// <param name="Stores">Store ids minted so far.</param>
internal sealed record FormationModel(
    ImmutableArray<PeerIdentity> Folders,
    ImmutableArray<bool> IsUp,
    ImmutableArray<PeerIdentity?> Views,
    ImmutableArray<ImmutableArray<PeerIdentity>> Channels,
    int Crashes,
    int Wipes,
    int Incarnations,
    int Stores)
{
    private const int Count = 3;

    public static FormationModel Start() => new(
        [.. Enumerable.Range(1, Count).Select(number => Empty(number) with { Incarnation = (ulong)number })],
        [false, false, false],
        [.. new PeerIdentity?[Count * Count]],
        [.. Enumerable.Repeat(ImmutableArray<PeerIdentity>.Empty, Count * Count)],
        0, 0, Count, 0);

    /// <summary>All run and have heard each other; nothing is decided.</summary>
    public static FormationModel Running()
    {
        var state = Start();
        for (var node = 0; node < Count; node++)
        {
            state = state.StartNode(node);
        }

        for (var at = 0; at < Count * Count; at++)
        {
            state = at % (Count + 1) == 0 ? state : state with { Views = state.Views.SetItem(at, state.Folders[at % Count]), Channels = state.Channels.SetItem(at, []) };
        }

        return state;
    }

    /// <summary>Equal states have equal keys.</summary>
    public string Key
    {
        get
        {
            var parts = Folders.Select(Text).Concat(Views.Select(view => view is null ? "-" : Text(view)))
                .Concat(Channels.Select(channel => string.Join('>', channel.Select(Text))));
            return $"{string.Join('|', parts)}|{string.Concat(IsUp)}|{Crashes}{Wipes}";

            static string Text(PeerIdentity folder) =>
                $"{folder.Incarnation}{(char)('a' + (int)folder.Phase)}{folder.StoreId.Value}:{string.Join(',', folder.Founders.Select(founder => founder.Incarnation))}";
        }
    }

    /// <summary>All that can happen next, with a name.</summary>
    public IEnumerable<(string Action, FormationModel Next)> Successors(int maxCrashes, int maxWipes)
    {
        for (var node = 0; node < Count; node++)
        {
            if (!IsUp[node])
            {
                yield return ($"start {node}", StartNode(node));
                if (Wipes < maxWipes)
                {
                    yield return ($"wipe {node}", Wipe(node));
                }

                continue;
            }

            if (Crashes < maxCrashes)
            {
                yield return ($"crash {node}", Crash(node));
            }

            if (Decide(node) is { } decided)
            {
                yield return ($"decide {node}", decided);
            }

            for (var speaker = 0; speaker < Count; speaker++)
            {
                var at = (Count * node) + speaker;
                if (Channels[at].Length > 0)
                {
                    yield return ($"{node} hears {speaker}", this with { Views = Views.SetItem(at, Channels[at][0]), Channels = Channels.SetItem(at, Channels[at].RemoveAt(0)) });
                }
                else if (Views[at] is not null && !IsUp[speaker])
                {
                    yield return ($"{node} misses {speaker}", this with { Views = Views.SetItem(at, null) });
                }
            }
        }
    }

    /// <summary>Runs without further faults, fairly, until nothing changes.</summary>
    public FormationModel Settle()
    {
        var state = this;
        while (state.Successors(0, 0).Select(successor => successor.Next).FirstOrDefault() is { } next)
        {
            state = next;
        }

        return state;
    }

    private static Dictionary<DatacenterId, string> PeersNamed(int node) =>
        PeersOf(node + 1, Count).ToDictionary(peer => peer.Datacenter, peer => peer.Name);

    private FormationModel StartNode(int node)
    {
        var state = this with { IsUp = IsUp.SetItem(node, true) };
        for (var other = 0; other < Count; other++)
        {
            var at = (Count * node) + other;
            if (other != node && IsUp[other])
            {
                // Both sides say hello anew; what the others have not heard yet of an earlier process may still come first.
                state = state with { Channels = state.Channels.SetItem(at, state.Channels[at].Add(Folders[other])) };
            }
        }

        return state.Say(node);
    }

    private FormationModel Crash(int node)
    {
        var (views, channels) = (Views, Channels);
        for (var other = 0; other < Count; other++)
        {
            views = views.SetItem((Count * node) + other, null);
            channels = channels.SetItem((Count * node) + other, []);
        }

        return this with { IsUp = IsUp.SetItem(node, false), Views = views, Channels = channels, Crashes = Crashes + 1 };
    }

    private FormationModel Wipe(int node) => this with
    {
        Folders = Folders.SetItem(node, Empty(node + 1) with { Incarnation = (ulong)Incarnations + 1 }),
        Incarnations = Incarnations + 1,
        Wipes = Wipes + 1,
    };

    private FormationModel? Decide(int node)
    {
        var own = Folders[node];
        var heard = Enumerable.Range(0, Count).Select(other => Views[(Count * node) + other]).OfType<PeerIdentity>().ToDictionary(peer => peer.Datacenter);

        // The links refuse a peer of another store before the decider hears it.
        foreach (var peer in heard.Values.Where(peer => IdentityComparison.FirstDifference(own, peer) is not null).ToList())
        {
            heard.Remove(peer.Datacenter);
        }

        var decision = FormationDecider.Decide(own, PeersNamed(node), heard);
        if (decision.Kind == FormationStep.Wait)
        {
            return null;
        }

        var mints = decision.Kind == FormationStep.Propose;
        var folder = (own with
        {
            Phase = decision.Kind switch
            {
                FormationStep.Form => FormationPhase.Member,
                FormationStep.Join => FormationPhase.Joining,
                _ => FormationPhase.Promised,
            },
            StoreId = mints ? new StoreId((UInt128)(Stores + 1)) : decision.StoreId,
            Founders = decision.Founders,
        }).Validated();
        return (this with { Folders = Folders.SetItem(node, folder), Stores = Stores + (mints ? 1 : 0) }).Say(node);
    }

    private FormationModel Say(int node)
    {
        var channels = Channels;
        for (var other = 0; other < Count; other++)
        {
            if (other != node && IsUp[other])
            {
                channels = channels.SetItem((Count * other) + node, channels[(Count * other) + node].Add(Folders[node]));
            }
        }

        return this with { Channels = channels };
    }
}
