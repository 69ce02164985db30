using System.Globalization;
using System.Net;
using System.Text;
using OrleansStore.Client.Http.Answers;
using OrleansStore.Client.Http.Endpoints;

namespace OrleansStore.Client.Http.Requests;

/// <summary>Reads one page of a scan.</summary>
/// <param name="options">The range.</param>
/// <param name="cursor">What the page before said; null for the first.</param>
/// <param name="maxAnswerBytes">The most bytes of an answer that are taken.</param>
internal sealed class ScanCall(ScanOptions options, string? cursor, int maxAnswerBytes) : ReadCall<ScanAnswer>(maxAnswerBytes)
{
    private readonly string _target = Target(options, cursor);

    public override string Operation => "scan";

    public override HttpRequestMessage CreateCopy(Endpoint endpoint) => new(HttpMethod.Get, endpoint.Address(_target));

    protected override bool IsAnswer(HttpStatusCode status) => status == HttpStatusCode.OK;

    protected override async ValueTask<ScanAnswer?> ReadAnswerAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var body = await AnswerBody.ReadPooledAsync(response.Content, MaxAnswerBytes, cancellationToken).ConfigureAwait(false);
        return ScanAnswer.Read(body.Span, options.IncludeValues);
    }

    private static string Target(ScanOptions options, string? cursor)
    {
        var target = new StringBuilder("/v1/kv?limit=").Append(CultureInfo.InvariantCulture, $"{options.PageSize}");
        Append(target, "prefix", options.Prefix);
        Append(target, "start", options.Start);
        Append(target, "end", options.End);
        target.Append(options.IncludeValues ? "&values=true" : "");
        return (cursor is null ? target : target.Append("&cursor=").Append(Uri.EscapeDataString(cursor))).ToString();
    }

    private static void Append(StringBuilder target, string name, ReadOnlyMemory<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            target.Append('&').Append(name).Append('=').Append(KeyTarget.Encode(bytes));
        }
    }
}
