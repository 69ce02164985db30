using OrleansStore.Client.Http.Endpoints;

namespace OrleansStore.Client.Http;

/// <summary>How one copy of a request ended.</summary>
/// <typeparam name="TResult">The type of the answer.</typeparam>
/// <param name="Verdict">What it came to.</param>
/// <param name="Blame">What it says of the endpoint.</param>
/// <param name="Answer">The answer, where there is one; null can be an answer.</param>
/// <param name="Fault">Why there is none; null where there is one.</param>
/// <param name="RetryAfter">When the endpoint wants to see the next copy; zero for no wish.</param>
internal readonly record struct Attempt<TResult>(AttemptVerdict Verdict, Blame Blame, TResult? Answer, StoreException? Fault, TimeSpan RetryAfter)
{
    public static Attempt<TResult> Answered(TResult? answer) => new(AttemptVerdict.Answered, Blame.None, answer, null, TimeSpan.Zero);

    public static Attempt<TResult> Refused(StoreException fault) => new(AttemptVerdict.Refused, Blame.None, default, fault, TimeSpan.Zero);

    public static Attempt<TResult> NotServed(Blame blame, StoreException fault, TimeSpan retryAfter = default) =>
        new(AttemptVerdict.NotServed, blame, default, fault, retryAfter);

    public static Attempt<TResult> Lost(Blame blame, StoreException fault) => new(AttemptVerdict.Lost, blame, default, fault, TimeSpan.Zero);
}
