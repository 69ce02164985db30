using System.Globalization;
using System.Net;
using OrleansStore.Client.Http.Answers;
using OrleansStore.Client.Http.Endpoints;

namespace OrleansStore.Client.Http.Requests;

/// <summary>Reads one record.</summary>
internal sealed class GetCall(StoreKey key, ReadConsistency consistency, int maxAnswerBytes) : ReadCall<StoreItem?>(maxAnswerBytes)
{
    private readonly string _target = KeyTarget.Of(key.Bytes, consistency == ReadConsistency.Eventual ? "consistency=eventual" : "");

    public override string Operation => "get";

    public override HttpRequestMessage CreateCopy(Endpoint endpoint) => new(HttpMethod.Get, endpoint.Address(_target));

    protected override bool IsAnswer(HttpStatusCode status) => status == HttpStatusCode.OK;

    protected override async ValueTask<StoreItem?> ReadAnswerAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var revision = RevisionOf(response);
        var value = await AnswerBody.ReadOwnedAsync(response.Content, MaxAnswerBytes, cancellationToken).ConfigureAwait(false);
        return new StoreItem(key, revision, value, value.Length, ContentTypeOf(response));
    }

    protected override bool TryAnswer(Problem problem, out StoreItem? answer)
    {
        answer = null;
        return problem.Code == ErrorCode.NotFound;
    }

    private static Revision RevisionOf(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues(HeaderNames.EntityTag, out var values) && values.ToString() is ['"', .. var digits, '"'] &&
        ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new Revision(number)
            : throw new FormatException("The answer has no entity tag that is a revision.");

    private static string ContentTypeOf(HttpResponseMessage response) =>
        response.Content.Headers.NonValidated.TryGetValues(HeaderNames.ContentType, out var values) ? values.ToString() : StoreItem.DefaultContentType;
}
