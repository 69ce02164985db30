using System.Threading.Channels;
using OrleansStore.Client;

namespace OrleansStore.Cli.Transfer;

/// <summary>Writes the records of lines, several at a time; those of one key in the order of their lines.</summary>
/// <remarks>
/// A key always goes to the same worker, and a worker writes one record after the other: so the last line of a key wins, as it would if lines were written one by one. At most
/// <see cref="QueuedPerWorker"/> records and one more wait with each worker, whatever the length of the file. At the first failure reading ends, and each worker finishes the record it is
/// at; the first line that then is not done is where to go on.
/// </remarks>
internal sealed class ImportRun
{
    private const int QueuedPerWorker = 2;

    private readonly IStore _store;
    private readonly WriteCondition _condition;
    private readonly long _skip;
    private readonly Channel<ImportLine>[] _queues;
    private readonly Lock _lock = new();
    private ImportFailure? _failure;
    private long _firstUndone = long.MaxValue;
    private long _lines;
    private long _records;
    private long _skipped;
    private long _written;
    private long _existing;
    private long _valueBytes;

    /// <summary>Prepares an import.</summary>
    /// <param name="store">Where records go.</param>
    /// <param name="workers">How many are written at a time; at least 1.</param>
    /// <param name="skip">How many lines from the first on are left out.</param>
    /// <param name="onlyIfAbsent">Whether records that exist are left alone.</param>
    public ImportRun(IStore store, int workers, long skip, bool onlyIfAbsent)
    {
        _store = store;
        _condition = onlyIfAbsent ? WriteCondition.NotExists : WriteCondition.None;
        _skip = skip;
        _queues = [.. Enumerable.Range(0, workers).Select(_ => Channel.CreateBounded<ImportLine>(QueuedPerWorker))];
    }

    /// <summary>How many records were written or left alone up to now.</summary>
    public long Done => Interlocked.Read(ref _written) + Interlocked.Read(ref _existing);

    private bool HasFailed => Volatile.Read(ref _failure) is not null;

    /// <summary>Imports all lines. What fails is told in the result.</summary>
    /// <exception cref="IOException">The input cannot be read; what was read until then is written.</exception>
    public async Task<ImportTally> RunAsync(Stream input, CancellationToken cancellationToken)
    {
        var workers = _queues.Select(queue => WorkAsync(queue.Reader, cancellationToken)).ToList();
        ImportFailure? failure = null;
        try
        {
            await ReadAsync(input, cancellationToken);
        }
        catch (Exception e) when (e is FormatException or OperationCanceledException)
        {
            failure = new ImportFailure(_lines + 1, null, e);
        }
        finally
        {
            foreach (var queue in _queues)
            {
                queue.Writer.Complete();
            }

            await Task.WhenAll(workers);
        }

        // Only now: the lines before the one at fault are still written.
        if (failure is not null)
        {
            Fail(failure);
        }

        return new ImportTally(_records, _skipped, _written, _existing, _valueBytes, Math.Min(_firstUndone - 1, _lines), _failure);
    }

    private async Task ReadAsync(Stream input, CancellationToken cancellationToken)
    {
        await foreach (var line in LineReader.ReadAsync(input, TransferRecord.MaxLineBytes, cancellationToken))
        {
            if (HasFailed)
            {
                return;
            }

            if (!line.Span.Trim(" \r\t"u8).IsEmpty)
            {
                await TakeAsync(_lines + 1, line, cancellationToken);
            }

            _lines++;
        }
    }

    private async ValueTask TakeAsync(long number, ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        if (number <= _skip)
        {
            _skipped++;
        }
        else
        {
            var record = TransferRecord.Parse(line);
            var worker = (int)((uint)record.Key.GetHashCode() % (uint)_queues.Length);
            await _queues[worker].Writer.WriteAsync(new ImportLine(number, record), cancellationToken);
        }

        _records++;
    }

    private async Task WorkAsync(ChannelReader<ImportLine> lines, CancellationToken cancellationToken)
    {
        await foreach (var line in lines.ReadAllAsync(CancellationToken.None))
        {
            if (HasFailed)
            {
                NotDone(line.Number);
                continue;
            }

            try
            {
                await WriteAsync(line.Record, cancellationToken);
            }
            catch (Exception e) when (e is StoreException or ArgumentException or OperationCanceledException)
            {
                Fail(new ImportFailure(line.Number, line.Record.Key, e));
            }
        }
    }

    private async ValueTask WriteAsync(TransferRecord record, CancellationToken cancellationToken)
    {
        var outcome = await _store.PutAsync(record.Key, record.Value, _condition, record.ContentType, cancellationToken: cancellationToken);
        if (outcome is WriteOutcome.PreconditionFailed)
        {
            Interlocked.Increment(ref _existing);
            return;
        }

        outcome.ThrowIfNotApplied();
        Interlocked.Add(ref _valueBytes, record.Value.Length);
        Interlocked.Increment(ref _written);
    }

    /// <summary>Ends the import. Of several failures the one of the first line is told.</summary>
    private void Fail(ImportFailure failure)
    {
        lock (_lock)
        {
            _failure = _failure is null || failure.Line < _failure.Line ? failure : _failure;
            NotDone(failure.Line);
        }
    }

    private void NotDone(long line)
    {
        lock (_lock)
        {
            _firstUndone = Math.Min(_firstUndone, line);
        }
    }
}
