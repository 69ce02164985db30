using System.Globalization;
using System.Net;
using System.Text.Json;
using OrleansStore.Client.Http.Answers;
using OrleansStore.Client.Http.Endpoints;

namespace OrleansStore.Client.Http;

/// <summary>One request of the interface: how its copies look, and what their answers mean.</summary>
/// <typeparam name="TResult">The type of the answer.</typeparam>
/// <param name="maxAnswerBytes">The most bytes of an answer that are taken.</param>
internal abstract class StoreCall<TResult>(int maxAnswerBytes)
{
    private const int MaxProblemBytes = 64 * 1024;

    /// <summary>The name in metrics and traces.</summary>
    public abstract string Operation { get; }

    protected int MaxAnswerBytes => maxAnswerBytes;

    /// <summary>Makes a copy of the request. All copies are the same request to the store.</summary>
    public abstract HttpRequestMessage CreateCopy(Endpoint endpoint);

    /// <summary>What the call comes to when no more copies are sent.</summary>
    /// <param name="mayBeUnderWay">Whether a copy was lost, and so may have taken effect or yet do so.</param>
    /// <param name="fault">What the last copy ran into.</param>
    /// <returns>The result, where the call does not fail.</returns>
    /// <exception cref="StoreException">The call failed; what it asked for did not happen.</exception>
    public abstract TResult GiveUp(bool mayBeUnderWay, StoreException fault);

    /// <summary>Ends the use of what the copies were made of.</summary>
    /// <param name="mayBeInUse">Whether an abandoned copy may still be reading it.</param>
    public virtual void End(bool mayBeInUse)
    {
    }

    /// <summary>Reads the answer to a copy.</summary>
    /// <exception cref="IOException">The connection broke; so for <see cref="HttpRequestException"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<Attempt<TResult>> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return IsAnswer(response.StatusCode)
                ? Attempt<TResult>.Answered(await ReadAnswerAsync(response, cancellationToken).ConfigureAwait(false))
                : await ReadProblemAsync(response, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return NotUnderstood(response, e);
        }
    }

    protected abstract bool IsAnswer(HttpStatusCode status);

    /// <exception cref="FormatException">The answer is not what such answers look like; so for <see cref="JsonException"/>.</exception>
    protected abstract ValueTask<TResult?> ReadAnswerAsync(HttpResponseMessage response, CancellationToken cancellationToken);

    /// <summary>The answer that a problem is; false where it is none.</summary>
    protected virtual bool TryAnswer(Problem problem, out TResult? answer)
    {
        answer = default;
        return false;
    }

    private async ValueTask<Attempt<TResult>> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var body = await AnswerBody.ReadPooledAsync(response.Content, MaxProblemBytes, cancellationToken).ConfigureAwait(false);
        if (Problem.TryRead(body.Span) is { } problem)
        {
            return TryAnswer(problem, out var answer) ? Attempt<TResult>.Answered(answer) : Judge(problem, response);
        }

        // What is no valid HTTP the server answers itself, before anything of the store sees it.
        return response.StatusCode == HttpStatusCode.BadRequest && body.Length == 0
            ? Attempt<TResult>.Refused(new StoreException(ErrorCode.BadRequest, "The server does not take the request for valid HTTP."))
            : NotUnderstood(response, null);
    }

    private static Attempt<TResult> Judge(Problem problem, HttpResponseMessage response)
    {
        switch (problem.Code)
        {
            case ErrorCode.Unavailable:
                return Attempt<TResult>.NotServed(Blame.Slow, Transient(problem), RetryAfter(response));
            case ErrorCode.Throttled or ErrorCode.DiskFull:
                return Attempt<TResult>.NotServed(Blame.Undecided, Transient(problem), RetryAfter(response));
            case ErrorCode.OutcomeUnknown:
                return Attempt<TResult>.Lost(Blame.Slow, Transient(problem));
            default:
                return Attempt<TResult>.Refused(new StoreException(problem.Code, problem.Detail));
        }
    }

    /// <summary>Nothing that a store of this version says. It settles nothing: behind a proxy, the store may have got the request all the same.</summary>
    private static Attempt<TResult> NotUnderstood(HttpResponseMessage response, Exception? cause) => Attempt<TResult>.Lost(
        Blame.Broken,
        new StoreException(
            ErrorCode.Unavailable, $"{response.RequestMessage?.RequestUri?.Authority} answered {(int)response.StatusCode} in a way that no store does.", isTransient: true, cause));

    private static StoreException Transient(Problem problem) => new(problem.Code, problem.Detail, isTransient: true);

    private static TimeSpan RetryAfter(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues(HeaderNames.RetryAfter, out var values) &&
        int.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.Zero;
}
