namespace OrleansStore.Http.Connections;

/// <summary>Lets a connection go on after a request whose announced body was refused before it was sent, or end in order where it cannot go on.</summary>
internal interface IUnsentBodyFeature
{
    /// <summary>Makes the server take the body for received, so that the next bytes on the connection are the next request.</summary>
    /// <param name="contentLength">The announced length; null for a chunked body.</param>
    /// <returns>False where bytes have come, so that the caller did not wait, or where the connection cannot do this: then it has to end.</returns>
    bool TrySkip(long? contentLength);

    /// <summary>Makes the server take the rest of a body for received, so that it closes the connection now and in order. By itself it would wait some seconds for
    /// the rest and then reset the connection. Nothing happens where the connection cannot do this.</summary>
    /// <param name="rest">The bytes that have not come; null for a chunked body.</param>
    void End(long? rest);
}
