using OrleansStore.Grains.Abstractions;

namespace OrleansStore.Client.Orleans.Calls;

/// <summary>Reads one page of a scan.</summary>
internal sealed class PageCall(IStoreRouter router, ScanOptions options, ReadOnlyMemory<byte> start) : GrainCall<ScanAnswer, ScanAnswer>
{
    private readonly ScanRequest _request = new(
        NamespaceId.Default, options.Prefix, start, options.End, options.PageSize, includeValues: options.IncludeValues);

    protected override ValueTask<RouterAnswer<ScanAnswer>> SendAsync(TimeSpan timeout) => router.ScanAsync(_request, timeout);

    protected override Judgement<ScanAnswer> Judge(ScanAnswer answer, RouterAnswer<ScanAnswer> whole) => answer.Status switch
    {
        ReadStatus.Found => Judgement<ScanAnswer>.Decided(answer),
        ReadStatus.Throttled => Judgement<ScanAnswer>.NotServed(ErrorCode.Throttled, "A bound was reached.", answer.RetryAfter),
        _ => Judgement<ScanAnswer>.NotServed(ErrorCode.Unavailable, "The store cannot serve this now.", answer.RetryAfter),
    };
}
