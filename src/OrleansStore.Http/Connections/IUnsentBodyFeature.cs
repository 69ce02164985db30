namespace OrleansStore.Http.Connections;

/// <summary>Lets a connection go on after a request whose announced body was refused before it was sent.</summary>
internal interface IUnsentBodyFeature
{
    /// <summary>Makes the server take the body for received, so that the next bytes on the connection are the next request.</summary>
    /// <param name="contentLength">The announced length; null for a chunked body.</param>
    /// <returns>False where bytes have come, so that the caller did not wait, or where the connection cannot do this: then it has to end.</returns>
    bool TrySkip(long? contentLength);
}
