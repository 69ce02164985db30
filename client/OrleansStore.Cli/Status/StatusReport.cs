using System.Text.Json;

namespace OrleansStore.Cli.Status;

/// <summary>The status of a store for programs.</summary>
internal static class StatusReport
{
    public static void Write(Utf8JsonWriter json, IReadOnlyList<EndpointStatus> endpoints, bool withBuckets)
    {
        json.WriteStartArray("datacenters"u8);
        foreach (var endpoint in endpoints)
        {
            json.WriteStartObject();
            json.WriteString("endpoint"u8, endpoint.Origin);
            if (endpoint.Status is { } status)
            {
                WriteDatacenter(json, status, withBuckets);
            }
            else
            {
                json.WriteString("problem"u8, endpoint.Problem);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteDatacenter(Utf8JsonWriter json, DatacenterStatus status, bool withBuckets)
    {
        json.WriteString("datacenter"u8, status.Datacenter);
        json.WriteString("storeId"u8, status.StoreId);
        json.WriteNumber("epoch"u8, status.Epoch);
        json.WriteNumber("bucketCount"u8, status.Buckets.Count);
        json.WriteNumber("leads"u8, status.LedCount);
        json.WriteNumber("primaryOf"u8, status.PrimaryCount);
        json.WriteStartObject("replicas"u8);
        foreach (var (state, count) in status.States)
        {
            json.WriteNumber(state, count);
        }

        json.WriteEndObject();
        json.WritePropertyName("links"u8);
        JsonSerializer.Serialize(json, status.Links, StatusJson.Default.IReadOnlyListLinkView);
        if (withBuckets)
        {
            json.WritePropertyName("buckets"u8);
            JsonSerializer.Serialize(json, status.Buckets, StatusJson.Default.IReadOnlyListBucketView);
        }
    }
}
