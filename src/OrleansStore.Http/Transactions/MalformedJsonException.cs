using System.Diagnostics.CodeAnalysis;
using OrleansStore.Http.Problems;

namespace OrleansStore.Http.Transactions;

/// <summary>A JSON body is not what is expected. It never leaves the handler that reads the body.</summary>
/// <param name="pointer">The place, as a JSON pointer.</param>
/// <param name="message">What is wrong there.</param>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Thrown and caught inside of the facade, always with a place.")]
internal sealed class MalformedJsonException(string pointer, string message) : Exception(message)
{
    /// <summary>What the caller is answered, where that is not a plain 400.</summary>
    public ProblemType Type { get; init; } = ProblemTypes.BadRequest;

    /// <summary>The answer.</summary>
    public Problem ToProblem() => new(Type, Message) { Pointer = pointer };
}
