namespace OrleansStore.Client.Http.Requests;

/// <summary>JSON bodies out of pooled buffers.</summary>
internal static class JsonContent
{
    /// <summary>The body of one copy; the buffer stays with its owner.</summary>
    public static RequestBody Of(PooledBuffer buffer) => new(buffer.Memory, "application/json");

    /// <summary>Gives a buffer back, unless an abandoned copy may still read from it: then the collector takes it.</summary>
    public static void Release(PooledBuffer buffer, bool mayBeInUse)
    {
        if (!mayBeInUse)
        {
            buffer.Dispose();
        }
    }
}
