using System.Text.Json;

namespace OrleansStore.Client.Http.Answers;

/// <summary>An error of the store (RFC 9457).</summary>
/// <param name="Code">The stable code.</param>
/// <param name="Detail">What is wrong with this request; holds no keys and no values.</param>
/// <param name="FailedGuard">The index of the guard that failed; null where the answer names none.</param>
internal sealed record Problem(ErrorCode Code, string Detail, int? FailedGuard)
{
    /// <summary>Reads problem details.</summary>
    /// <param name="body">The body of an answer.</param>
    /// <returns>Null where the body is something else, or has a code that this release does not know: then the answer did not come from a store that it can talk to.</returns>
    public static Problem? TryRead(ReadOnlySpan<byte> body)
    {
        string? code = null;
        string? detail = null;
        int? failedGuard = null;
        try
        {
            var reader = new Utf8JsonReader(body);
            JsonFields.Open(ref reader);
            while (JsonFields.Next(ref reader))
            {
                if (reader.ValueTextEquals("code"u8))
                {
                    code = JsonFields.Text(ref reader);
                }
                else if (reader.ValueTextEquals("detail"u8))
                {
                    detail = JsonFields.Text(ref reader);
                }
                else if (reader.ValueTextEquals("failedGuard"u8))
                {
                    failedGuard = ReadFailedGuard(ref reader);
                }
                else
                {
                    JsonFields.Skip(ref reader);
                }
            }
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null;
        }

        return ProblemCodes.Parse(code) is { } known ? new Problem(known, detail ?? code!, failedGuard) : null;
    }

    private static int? ReadFailedGuard(ref Utf8JsonReader reader)
    {
        int? index = null;
        JsonFields.Open(ref reader);
        while (JsonFields.Next(ref reader))
        {
            if (reader.ValueTextEquals("index"u8))
            {
                index = (int)JsonFields.Number(ref reader, int.MaxValue);
            }
            else
            {
                JsonFields.Skip(ref reader);
            }
        }

        return index;
    }
}
