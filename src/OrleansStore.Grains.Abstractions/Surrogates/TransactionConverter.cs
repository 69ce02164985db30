namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>Converts between <see cref="Transaction"/> and its form in messages.</summary>
[RegisterConverter]
internal sealed class TransactionConverter : IConverter<Transaction, TransactionSurrogate>
{
    public Transaction ConvertFromSurrogate(in TransactionSurrogate surrogate) =>
        new([.. surrogate.Guards], [.. surrogate.Operations], StoreLimits.MaxValueBytes);

    public TransactionSurrogate ConvertToSurrogate(in Transaction value) => new()
    {
        Guards = [.. value.Guards],
        Operations = [.. value.Operations],
    };
}
