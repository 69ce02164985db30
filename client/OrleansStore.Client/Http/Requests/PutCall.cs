using System.Globalization;
using System.Net;
using OrleansStore.Client.Http.Answers;
using OrleansStore.Client.Http.Endpoints;
using OrleansStore.Client.Http.Identity;

namespace OrleansStore.Client.Http.Requests;

/// <summary>A put of one record, perhaps under one condition that a header can say. Its value is sent as it is, from the caller's memory.</summary>
internal sealed class PutCall : WriteCall
{
    private readonly Operation _put;
    private readonly string _target;
    private readonly string? _conditionHeader;
    private readonly string? _condition;

    private PutCall(WriteTicket ticket, Operation put, Guard? guard, int maxAnswerBytes)
        : base(ticket, guard is null ? 0 : 1, maxAnswerBytes)
    {
        _put = put;
        _target = KeyTarget.Of(put.Key.Bytes);
        (_conditionHeader, _condition) = guard?.Kind switch
        {
            GuardKind.Exists => (HeaderNames.IfMatch, "*"),
            GuardKind.NotExists => (HeaderNames.IfNoneMatch, "*"),
            GuardKind.RevisionIn => (HeaderNames.IfMatch, TagsOf(guard)),
            GuardKind.RevisionNotIn => (HeaderNames.IfNoneMatch, TagsOf(guard)),
            _ => default((string?, string?)),
        };
    }

    public override string Operation => "put";

    /// <summary>The call of a transaction; null where it takes more than a put with a header.</summary>
    public static PutCall? TryCreate(Transaction transaction, WriteTicket ticket, int maxAnswerBytes)
    {
        if (transaction.Operations is not [{ Kind: OperationKind.Put } put] || transaction.Guards.Length > 1)
        {
            return null;
        }

        var guard = transaction.Guards.IsEmpty ? null : transaction.Guards[0];
        return guard is null || (guard.Key == put.Key && guard.Kind != GuardKind.ValueEquals) ? new PutCall(ticket, put, guard, maxAnswerBytes) : null;
    }

    protected override HttpRequestMessage CreateUnnamedCopy(Endpoint endpoint)
    {
        var copy = new HttpRequestMessage(HttpMethod.Put, endpoint.Address(_target)) { Content = new RequestBody(_put.Value, _put.ContentType) };
        if (_conditionHeader is not null)
        {
            copy.Headers.TryAddWithoutValidation(_conditionHeader, _condition);
        }

        return copy;
    }

    protected override bool IsAnswer(HttpStatusCode status) => status is HttpStatusCode.OK or HttpStatusCode.Created;

    protected override async ValueTask<WriteOutcome?> ReadAnswerAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var body = await AnswerBody.ReadPooledAsync(response.Content, MaxAnswerBytes, cancellationToken).ConfigureAwait(false);
        var answer = WriteAnswer.Read(body.Span);
        var outcome = response.StatusCode == HttpStatusCode.Created ? OperationOutcome.Created : OperationOutcome.Replaced;
        return new WriteOutcome.Applied(Id, answer.Revision, answer.DurableCopies, [outcome]);
    }

    private static string TagsOf(Guard guard) => guard.Revisions is [var only]
        ? string.Create(CultureInfo.InvariantCulture, $"\"{only.Value}\"")
        : string.Join(',', guard.Revisions.Select(revision => string.Create(CultureInfo.InvariantCulture, $"\"{revision.Value}\"")));
}
