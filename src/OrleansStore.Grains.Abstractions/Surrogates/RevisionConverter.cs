namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>Converts between <see cref="Revision"/> and its form in messages.</summary>
[RegisterConverter]
internal sealed class RevisionConverter : IConverter<Revision, RevisionSurrogate>
{
    public Revision ConvertFromSurrogate(in RevisionSurrogate surrogate) =>
        new(surrogate.Value);

    public RevisionSurrogate ConvertToSurrogate(in Revision value) => new()
    {
        Value = value.Value,
    };
}
