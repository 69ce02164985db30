using System.Net;
using System.Text.Json;
using OrleansStore.Client.Http.Answers;
using OrleansStore.Client.Http.Endpoints;

namespace OrleansStore.Client.Http.Requests;

/// <summary>Asks what became of a write. It settles that, and asking again gets the same answer.</summary>
internal sealed class OutcomeCall(StoreKey key, RequestId requestId, WallTime? firstSent, int maxAnswerBytes) : ReadCall<OutcomeResult>(maxAnswerBytes)
{
    private const string Target = "/v1/outcomes";

    private readonly PooledBuffer _body = WriteBody(key, requestId, firstSent);

    public override string Operation => "outcome";

    public override HttpRequestMessage CreateCopy(Endpoint endpoint) => new(HttpMethod.Post, endpoint.Address(Target)) { Content = JsonContent.Of(_body) };

    public override void End(bool mayBeInUse) => JsonContent.Release(_body, mayBeInUse);

    protected override bool IsAnswer(HttpStatusCode status) => status == HttpStatusCode.OK;

    protected override async ValueTask<OutcomeResult?> ReadAnswerAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var body = await AnswerBody.ReadPooledAsync(response.Content, MaxAnswerBytes, cancellationToken).ConfigureAwait(false);
        var answer = WriteAnswer.Read(body.Span);
        return answer.Outcome switch
        {
            "applied" => new OutcomeResult(OutcomeStatus.Applied, ResultOf(answer, WriteStatus.Applied)),
            "rejected" => new OutcomeResult(OutcomeStatus.Rejected, ResultOf(answer, StatusOf(answer.Code))),
            "never-applied" => new OutcomeResult(OutcomeStatus.NeverApplied),
            "expired" => new OutcomeResult(OutcomeStatus.Expired),
            _ => throw new FormatException("The answer names no outcome that this release knows."),
        };
    }

    private static WriteResult ResultOf(in WriteAnswer answer, WriteStatus status) => new(status, answer.Revision)
    {
        DurableCopies = answer.DurableCopies,
        Operations = answer.Operations.IsDefault ? [] : answer.Operations,
    };

    private static WriteStatus StatusOf(string? code) => ProblemCodes.Parse(code) switch
    {
        ErrorCode.PreconditionFailed => WriteStatus.PreconditionFailed,
        ErrorCode.NotFound => WriteStatus.NotFound,
        _ => throw new FormatException("The answer names no reason that this release knows."),
    };

    private static PooledBuffer WriteBody(StoreKey key, RequestId requestId, WallTime? firstSent)
    {
        var text = requestId.ToString();
        var body = new PooledBuffer(128 + (3 * key.Bytes.Length) + (2 * text.Length));
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteString("key"u8, KeyTarget.Encode(key.Bytes));
        json.WriteString("requestId"u8, text);
        if (firstSent is { } time)
        {
            json.WriteString("firstSent"u8, time.ToString());
        }

        json.WriteEndObject();
        return body;
    }
}
