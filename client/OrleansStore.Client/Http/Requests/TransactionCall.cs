using System.Net;
using OrleansStore.Client.Http.Answers;
using OrleansStore.Client.Http.Endpoints;
using OrleansStore.Client.Http.Identity;

namespace OrleansStore.Client.Http.Requests;

/// <summary>A transaction as JSON.</summary>
internal sealed class TransactionCall(Transaction transaction, WriteTicket ticket, int maxAnswerBytes) : WriteCall(ticket, transaction.Guards.Length, maxAnswerBytes)
{
    private const string Target = "/v1/txn";

    private readonly PooledBuffer _body = TransactionJson.Write(transaction);
    private readonly int _operations = transaction.Operations.Length;

    public override string Operation => "transaction";

    public override void End(bool mayBeInUse) => JsonContent.Release(_body, mayBeInUse);

    protected override HttpRequestMessage CreateUnnamedCopy(Endpoint endpoint) => new(HttpMethod.Post, endpoint.Address(Target)) { Content = JsonContent.Of(_body) };

    protected override bool IsAnswer(HttpStatusCode status) => status == HttpStatusCode.OK;

    protected override async ValueTask<WriteOutcome?> ReadAnswerAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var body = await AnswerBody.ReadPooledAsync(response.Content, MaxAnswerBytes, cancellationToken).ConfigureAwait(false);
        var answer = WriteAnswer.Read(body.Span);
        return !answer.Operations.IsDefault && answer.Operations.Length == _operations
            ? new WriteOutcome.Applied(Id, answer.Revision, answer.DurableCopies, answer.Operations)
            : throw new FormatException("The answer has not one outcome per operation.");
    }
}
