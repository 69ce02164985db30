using System.Text.Json;
using OrleansStore.Client;

namespace OrleansStore.Cli.Transfer;

/// <summary>Writes records as lines, in the order of their keys. Holds one page of them at a time.</summary>
internal sealed class ExportRun(IStore store, ScanOptions range, bool asBase64)
{
    private const int FlushBytes = 64 * 1024;

    private long _records;

    /// <summary>How many records were written.</summary>
    public long Records => Volatile.Read(ref _records);

    /// <summary>How many bytes their values have.</summary>
    public long ValueBytes { get; private set; }

    /// <summary>The last key that was written; null if there is none.</summary>
    public StoreKey? LastKey { get; private set; }

    /// <summary>Writes all records of the range. Where it fails, what was written are whole lines, up to <see cref="LastKey"/>.</summary>
    /// <exception cref="StoreException">The store did not serve.</exception>
    /// <exception cref="IOException">The output takes no more.</exception>
    public async Task RunAsync(Stream output, CancellationToken cancellationToken)
    {
        using var lines = new MemoryStream();
        using var json = new Utf8JsonWriter(lines);
        try
        {
            await foreach (var item in store.ScanAsync(range, cancellationToken))
            {
                TransferRecord.Write(json, item, asBase64);
                json.Flush();
                json.Reset();
                lines.WriteByte((byte)'\n');
                LastKey = item.Key;
                ValueBytes += item.ValueBytes;
                Volatile.Write(ref _records, _records + 1);
                if (lines.Length >= FlushBytes)
                {
                    await FlushAsync(lines, output);
                }
            }
        }
        finally
        {
            // What was counted is also written, however it ends.
            await FlushAsync(lines, output);
            await output.FlushAsync(CancellationToken.None);
        }
    }

    private static async Task FlushAsync(MemoryStream lines, Stream output)
    {
        await output.WriteAsync(lines.GetBuffer().AsMemory(0, (int)lines.Length), CancellationToken.None);
        lines.SetLength(0);
    }
}
