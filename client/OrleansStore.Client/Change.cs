using System.Diagnostics.CodeAnalysis;

namespace OrleansStore.Client;

/// <summary>What to make of a record. The default value is <see cref="None"/>.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
[SuppressMessage("Design", "CA1000:Do not declare static members on generic types", Justification = "The type argument says what the record holds; a lambda returns Change<T>.Delete without more.")]
public readonly struct Change<T>
{
    private Change(OperationKind kind, T value)
    {
        Kind = kind;
        Value = value;
    }

    /// <summary>Nothing: the record stays as it is.</summary>
    public static Change<T> None => default;

    /// <summary>The record goes.</summary>
    public static Change<T> Delete => new(OperationKind.Delete, default!);

    /// <summary>What is done; 0 for nothing.</summary>
    internal OperationKind Kind { get; }

    /// <summary>The value of a put.</summary>
    internal T Value { get; }

    /// <summary>The record gets this value.</summary>
    public static Change<T> Put(T value) => new(OperationKind.Put, value);

    /// <summary>The record gets this value.</summary>
    public static implicit operator Change<T>(T value) => Put(value);
}
