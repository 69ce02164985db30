using OrleansStore.Buckets.Binary;
using OrleansStore.Buckets.Commands;

namespace OrleansStore.Buckets.Identity;

/// <summary>What the memory of a bucket says of a request, with the first answer where there is one.</summary>
internal readonly record struct Recollection(Admission Admission, WriteResult? Answer = null)
{
    /// <summary>The recollection of a decided request.</summary>
    /// <param name="memory">Fingerprint and answer.</param>
    /// <param name="content">The fingerprint of the copy at hand; null where only the outcome is asked for.</param>
    public static Recollection Of(ReadOnlyMemory<byte> memory, Fingerprint? content)
    {
        var reader = new SpanReader(memory.Span, "A remembered answer");
        var remembered = new Fingerprint(reader.ReadUInt128("fingerprint"));
        var answer = AnswerCodec.Read(ref reader);

        // Who settled that a request never happens did not know its content.
        return content is null || answer.Status == WriteStatus.NeverApplied || content == remembered
            ? new Recollection(Admission.Answered, answer)
            : new Recollection(Admission.Mismatch);
    }
}
