namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>Converts between <see cref="RequestId"/> and its form in messages.</summary>
[RegisterConverter]
internal sealed class RequestIdConverter : IConverter<RequestId, RequestIdSurrogate>
{
    public RequestId ConvertFromSurrogate(in RequestIdSurrogate surrogate) =>
        surrogate.Text is not { } text ? RequestId.None : RequestId.TryParse(text, out var id) ? id : throw new CorruptionException("a message has a request id that is none");

    public RequestIdSurrogate ConvertToSurrogate(in RequestId value) => new()
    {
        Text = value.Form == RequestIdForm.None ? null : value.ToString(),
    };
}
