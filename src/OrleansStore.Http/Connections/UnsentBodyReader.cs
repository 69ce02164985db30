using System.Buffers;
using System.IO.Pipelines;
using PipeRead = System.IO.Pipelines.ReadResult;

namespace OrleansStore.Http.Connections;

/// <summary>The input of a connection, in which a body that will never come can be replaced by zeros.</summary>
/// <remarks>
/// <para>A caller that sent <c>Expect: 100-continue</c> and got its final answer does not send the body, but the server's parser still waits for it and would swallow the next request
/// in its place. The parser is given what it waits for; the bytes are thrown away like those of any unread body.</para>
/// <para>A caller may also stop waiting and send the body while the answer is on its way to it. Then its bytes would be read as requests, so nothing is replaced where
/// bytes are there when the answer is decided. Callers that reuse a connection after such a race break RFC 9110, section 10.1.1: known ones close it.</para>
/// <para>Used like any pipe reader, by one reader at a time; <see cref="TrySkip"/> and <see cref="End"/> between two reads.</para>
/// </remarks>
/// <param name="inner">The bytes from the caller.</param>
internal sealed class UnsentBodyReader(PipeReader inner) : PipeReader, IUnsentBodyFeature
{
    /// <summary>The longest body replaced: reading zeros is cheap, not free.</summary>
    private const long MaxReplacedBytes = 4L * 1024 * 1024 * 1024;

    private static readonly byte[] Zeros = new byte[1024 * 1024];
    private static readonly byte[] EmptyChunked = "0\r\n\r\n"u8.ToArray();

    private byte[] _source = Zeros;
    private long _left; // Of the replacement.
    private ReadOnlySequence<byte> _given;
    private bool _isReplacing;
    private volatile bool _isEnded;

    public bool TrySkip(long? contentLength)
    {
        if (contentLength > MaxReplacedBytes || _left > 0)
        {
            return false;
        }

        if (inner.TryRead(out var arrived))
        {
            inner.AdvanceTo(arrived.Buffer.Start);
            if (!arrived.Buffer.IsEmpty || arrived.IsCompleted)
            {
                return false;
            }
        }

        _source = contentLength is null ? EmptyChunked : Zeros;
        _left = contentLength ?? EmptyChunked.Length;
        return true;
    }

    // Zeros are no chunk: once they have filled the one under way, the parser gives up in order. Behind them the input ends, so that it gives up in any case.
    public void End(long? rest)
    {
        _isEnded = true;
        _source = Zeros;
        _left = Math.Min(rest ?? Zeros.Length, MaxReplacedBytes);
        inner.CancelPendingRead();
    }

    public override bool TryRead(out PipeRead result)
    {
        if (_left == 0 && !_isEnded)
        {
            return inner.TryRead(out result);
        }

        result = GiveReplacement();
        return true;
    }

    public override ValueTask<PipeRead> ReadAsync(CancellationToken cancellationToken = default) =>
        _left == 0 && !_isEnded ? inner.ReadAsync(cancellationToken) : new ValueTask<PipeRead>(GiveReplacement());

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (!_isReplacing)
        {
            inner.AdvanceTo(consumed, examined);
            return;
        }

        var used = _given.Slice(_given.Start, consumed).Length;
        _left -= used;
        _source = ReferenceEquals(_source, Zeros) ? Zeros : _source[(int)used..];
        _isReplacing = false;
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    private PipeRead GiveReplacement()
    {
        _isReplacing = true;
        if (_left == 0)
        {
            _given = ReadOnlySequence<byte>.Empty;
            return new PipeRead(_given, isCanceled: false, isCompleted: true);
        }

        _given = new ReadOnlySequence<byte>(_source, 0, (int)Math.Min(_left, _source.Length));
        return new PipeRead(_given, isCanceled: false, isCompleted: false);
    }
}
