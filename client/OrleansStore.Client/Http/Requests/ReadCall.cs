namespace OrleansStore.Client.Http.Requests;

/// <summary>A request that changes nothing its caller could miss: it may be repeated at will, and fails where it got no answer.</summary>
/// <typeparam name="TResult">The type of the answer.</typeparam>
internal abstract class ReadCall<TResult>(int maxAnswerBytes) : StoreCall<TResult>(maxAnswerBytes)
{
    public override TResult GiveUp(bool mayBeUnderWay, StoreException fault) => throw (fault.Code == ErrorCode.OutcomeUnknown
        ? new StoreException(ErrorCode.Unavailable, fault.Message, isTransient: true, fault)
        : fault);
}
