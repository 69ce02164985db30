namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>Converts between <see cref="RequestIdentity"/> and its form in messages.</summary>
[RegisterConverter]
internal sealed class RequestIdentityConverter : IConverter<RequestIdentity, RequestIdentitySurrogate>
{
    public RequestIdentity ConvertFromSurrogate(in RequestIdentitySurrogate surrogate) => new(surrogate.RequestId, surrogate.AnsweredUpTo);

    public RequestIdentitySurrogate ConvertToSurrogate(in RequestIdentity value) => new() { RequestId = value.Id, AnsweredUpTo = value.AnsweredUpTo };
}
