using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OrleansStore.Http.Replies;
using OrleansStore.Http.Targets;
using OrleansStore.Service.Peers;
using OrleansStore.Service.Status;

namespace OrleansStore.Http.Observation;

/// <summary>GET and HEAD of what this datacenter knows of the store. Wakes no bucket.</summary>
internal static class StatusHandler
{
    public static async Task HandleAsync(Exchange exchange)
    {
        if (!QueryParameters.TryRead(exchange.Target.Query, [], out _, out var problem))
        {
            await Reply.ProblemAsync(exchange, problem);
            return;
        }

        var response = Reply.Start(exchange, StatusCodes.Status200OK);
        response.ContentType = Texts.Json;
        if (exchange.IsHead)
        {
            return;
        }

        var status = exchange.Facade.Store.GetStatus();
        var stream = new JsonStream(response);
        var writer = stream.Writer;
        writer.WriteStartObject();
        WriteHead(writer, status);
        writer.WriteStartArray("buckets"u8);
        foreach (var bucket in status.Buckets)
        {
            WriteBucket(writer, bucket);
            if (stream.IsFull)
            {
                await stream.FlushAsync(exchange.Http.RequestAborted);
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        await stream.CompleteAsync(exchange.Http.RequestAborted);
    }

    private static void WriteHead(Utf8JsonWriter writer, StoreStatus status)
    {
        writer.WriteString("datacenter"u8, status.Datacenter);
        writer.WriteString("storeId"u8, status.StoreId == StoreId.None ? null : status.StoreId.ToString());
        writer.WriteNumber("epoch"u8, status.Epoch.Value);
        writer.WriteStartArray("datacenters"u8);
        foreach (var datacenter in status.Datacenters)
        {
            writer.WriteStartObject();
            writer.WriteNumber("id"u8, datacenter.Id.Value);
            writer.WriteString("name"u8, datacenter.Name);
            writer.WriteNumber("weight"u8, datacenter.Weight);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("links"u8);
        foreach (var link in status.Links)
        {
            WriteLink(writer, link, NameOf(status, link.Peer));
        }

        writer.WriteEndArray();
    }

    private static void WriteLink(Utf8JsonWriter writer, LinkStatus link, string peer)
    {
        writer.WriteStartObject();
        writer.WriteString("peer"u8, peer);
        writer.WriteString("state"u8, link.State switch
        {
            LinkState.Up => "up",
            LinkState.Refused => "refused",
            _ => "down",
        });
        writer.WriteString("reason"u8, link.Reason);
        WriteMilliseconds(writer, "roundTripMs"u8, link.RoundTrip);
        WriteMilliseconds(writer, "skewMs"u8, link.Skew);
        writer.WriteNumber("queuedBytes"u8, link.QueuedBytes);
        writer.WriteNumber("refused"u8, link.Refused);
        writer.WriteNumber("sentBytes"u8, link.Bytes.Sent);
        writer.WriteNumber("receivedBytes"u8, link.Bytes.Received);
        writer.WriteEndObject();
    }

    private static void WriteBucket(Utf8JsonWriter writer, BucketStatus bucket)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id"u8, bucket.Id.Packed);
        writer.WriteString("primary"u8, bucket.Primary);
        writer.WriteString("leader"u8, bucket.Leader);
        writer.WriteNumber("term"u8, bucket.Term.Value);
        writer.WriteNumber("commit"u8, bucket.Commit.Value);
        writer.WriteNumber("applied"u8, bucket.Applied.Value);
        writer.WriteString("state"u8, bucket.State);
        writer.WriteStartArray("replicas"u8);
        foreach (var replica in bucket.Replicas)
        {
            writer.WriteStringValue(replica);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteMilliseconds(Utf8JsonWriter writer, ReadOnlySpan<byte> name, TimeSpan? time)
    {
        if (time is { } value)
        {
            writer.WriteNumber(name, Math.Round(value.TotalMilliseconds, 3));
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static string NameOf(StoreStatus status, DatacenterId peer)
    {
        foreach (var datacenter in status.Datacenters)
        {
            if (datacenter.Id == peer)
            {
                return datacenter.Name;
            }
        }

        return peer.ToString();
    }
}
