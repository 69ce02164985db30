using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace OrleansStore.Diagnostics;

/// <summary>The interpolated message of <see cref="Invariant.Check(bool, InvariantMessage, string?)"/>: it is built only when the check fails.</summary>
[InterpolatedStringHandler]
public readonly ref struct InvariantMessage
{
    // Invariant: null exactly when the condition holds.
    private readonly StringBuilder? _text;

    /// <summary>Called by the compiler before any part of the message is formatted.</summary>
    /// <param name="literalLength">Characters of the literal parts.</param>
    /// <param name="formattedCount">Number of holes; it only sizes the buffer.</param>
    /// <param name="condition">The condition that is checked.</param>
    /// <param name="isEnabled">Whether the parts are to be formatted: the condition is false.</param>
    public InvariantMessage(int literalLength, int formattedCount, bool condition, out bool isEnabled)
    {
        isEnabled = !condition;
        _text = condition ? null : new StringBuilder(literalLength + (8 * formattedCount));
    }

    /// <summary>Called by the compiler for a literal part.</summary>
    public void AppendLiteral(string value) => _text?.Append(value);

    /// <summary>Called by the compiler for a hole.</summary>
    public void AppendFormatted<T>(T value) => _text?.Append(CultureInfo.InvariantCulture, $"{value}");

    /// <summary>The message; empty when the condition holds.</summary>
    public override string ToString() => _text?.ToString() ?? string.Empty;
}
