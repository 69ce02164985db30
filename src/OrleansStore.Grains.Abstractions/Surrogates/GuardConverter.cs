namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>Converts between <see cref="Guard"/> and its form in messages.</summary>
[RegisterConverter]
internal sealed class GuardConverter : IConverter<Guard, GuardSurrogate>
{
    public Guard ConvertFromSurrogate(in GuardSurrogate surrogate) =>
        surrogate.Kind switch
        {
            GuardKind.Exists => Guard.Exists(surrogate.Key),
            GuardKind.NotExists => Guard.NotExists(surrogate.Key),
            GuardKind.RevisionIn => Guard.RevisionIn(surrogate.Key, RevisionsOf(surrogate)),
            GuardKind.RevisionNotIn => Guard.RevisionNotIn(surrogate.Key, RevisionsOf(surrogate)),
            GuardKind.ValueEquals => Guard.ValueEquals(surrogate.Key, surrogate.Value),
            _ => throw new CorruptionException($"a message has a guard of kind {(byte)surrogate.Kind}"),
        };

    public GuardSurrogate ConvertToSurrogate(in Guard value) => new()
    {
        Kind = value.Kind,
        Key = value.Key,
        Revisions = [.. value.Revisions.Select(static revision => revision.Value)],
        Value = value.Value.AsArray(),
    };

    private static Revision[] RevisionsOf(in GuardSurrogate surrogate) => [.. surrogate.Revisions.Select(static revision => new Revision(revision))];
}
