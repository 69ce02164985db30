using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace OrleansStore.Diagnostics;

/// <summary>Checks of what must never be false. They are on in production; one that fails is a bug of ours and stops the replica.</summary>
public static class Invariant
{
    /// <summary>Throws when <paramref name="condition"/> is false; formats nothing when it is true.</summary>
    /// <param name="condition">What must hold.</param>
    /// <param name="message">The values that tell what was wrong.</param>
    /// <param name="expression">The text of the condition; the compiler fills it in.</param>
    /// <exception cref="InvariantViolationException"><paramref name="condition"/> is false.</exception>
    public static void Check(
        [DoesNotReturnIf(false)] bool condition,
        [InterpolatedStringHandlerArgument(nameof(condition))] InvariantMessage message,
        [CallerArgumentExpression(nameof(condition))] string? expression = null)
    {
        if (!condition)
        {
            Throw(expression, message.ToString());
        }
    }

    /// <summary>Throws when <paramref name="condition"/> is false.</summary>
    /// <param name="condition">What must hold.</param>
    /// <param name="message">Why it must hold.</param>
    /// <param name="expression">The text of the condition; the compiler fills it in.</param>
    /// <exception cref="InvariantViolationException"><paramref name="condition"/> is false.</exception>
    public static void Check(
        [DoesNotReturnIf(false)] bool condition,
        string message,
        [CallerArgumentExpression(nameof(condition))] string? expression = null)
    {
        if (!condition)
        {
            Throw(expression, message);
        }
    }

    /// <summary>Throws: this place must not be reached.</summary>
    /// <param name="message">What brought the program here.</param>
    /// <exception cref="InvariantViolationException">Always.</exception>
    [DoesNotReturn]
    public static void Fail(string message) => Throw("unreachable", message);

    [DoesNotReturn]
    private static void Throw(string? expression, string message) => throw new InvariantViolationException($"{expression}: {message}");
}
