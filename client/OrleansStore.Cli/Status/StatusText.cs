using OrleansStore.Cli.Rendering;

namespace OrleansStore.Cli.Status;

/// <summary>The status of a store for people.</summary>
internal static class StatusText
{
    /// <summary>All of it, as lines.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<EndpointStatus> endpoints, bool withBuckets)
    {
        var known = endpoints.Select(endpoint => endpoint.Status).OfType<DatacenterStatus>().ToList();
        foreach (var store in known.Select(status => status.StoreId).Distinct())
        {
            yield return store is null ? "no store yet: it is created when all datacenters are there" : $"store {store}";
        }

        yield return "";
        foreach (var line in Datacenters(endpoints).Lines().Append("").Concat(Links(known).Lines()))
        {
            yield return line;
        }

        foreach (var line in withBuckets ? Buckets(known).Lines().Prepend("") : [])
        {
            yield return line;
        }
    }

    /// <summary>The most important on one line, for what is watched without a terminal.</summary>
    public static string Line(IReadOnlyList<EndpointStatus> endpoints) => string.Join("; ", endpoints.Select(endpoint => endpoint.Status is { } status
        ? $"{status.Datacenter} leads {status.LedCount} of {status.Buckets.Count}, links {status.Links.Count(link => link.State == "up")}/{status.Links.Count} up"
        : $"{endpoint.Origin} {endpoint.Problem}"));

    private static TextTable Datacenters(IReadOnlyList<EndpointStatus> endpoints)
    {
        var table = new TextTable("datacenter", "endpoint", "#epoch", "#buckets", "#leads", "#primary of", "replicas");
        foreach (var endpoint in endpoints)
        {
            if (endpoint.Status is { } status)
            {
                table.Add(
                    status.Datacenter,
                    endpoint.Origin,
                    $"{status.Epoch}",
                    $"{status.Buckets.Count}",
                    $"{status.LedCount}",
                    $"{status.PrimaryCount}",
                    string.Join(", ", status.States.Select(state => $"{state.Count} {state.State}")));
            }
            else
            {
                table.Add("?", endpoint.Origin, "", "", "", "", endpoint.Problem!);
            }
        }

        return table;
    }

    private static TextTable Links(IEnumerable<DatacenterStatus> known)
    {
        var table = new TextTable("link", "state", "#round trip ms", "#clock ahead ms", "#queued bytes", "reason");
        foreach (var status in known)
        {
            foreach (var link in status.Links)
            {
                table.Add($"{status.Datacenter} to {link.Peer}", link.State, $"{link.RoundTripMs:F2}", $"{link.SkewMs:F2}", $"{link.QueuedBytes}", link.Reason ?? "");
            }
        }

        return table;
    }

    // One column per datacenter that answered: what its replica does, and how far it has applied.
    private static TextTable Buckets(IReadOnlyList<DatacenterStatus> known)
    {
        var table = new TextTable(["bucket", "primary", "leader", "#term", "#commit", .. known.Select(status => status.Datacenter)]);
        var views = known.Select(status => status.Buckets.ToDictionary(bucket => bucket.Id)).ToList();
        foreach (var id in views.SelectMany(view => view.Keys).Distinct().Order())
        {
            var own = views.Select(view => view.GetValueOrDefault(id)).ToList();
            var seen = own.OfType<BucketView>().ToList();
            table.Add(
            [
                $"{id}",
                seen[0].Primary,
                seen.Where(bucket => bucket.Leader is not null).MaxBy(bucket => bucket.Term)?.Leader ?? "-",
                $"{seen.Max(bucket => bucket.Term)}",
                $"{seen.Max(bucket => bucket.Commit)}",
                .. own.Select(bucket => bucket is null ? "" : $"{bucket.State} {bucket.Applied}"),
            ]);
        }

        return table;
    }
}
