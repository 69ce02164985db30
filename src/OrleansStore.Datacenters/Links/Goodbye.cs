using System.Text;

namespace OrleansStore.Datacenters.Links;

/// <summary>Why a connection is closed, told to the other side.</summary>
/// <remarks>On the wire: one byte, 1 if the identities do not fit, 2 for any other reason; then the text in UTF-8.</remarks>
/// <param name="IsRefusal">Whether the identities do not fit, so that trying again soon is of no use.</param>
/// <param name="Reason">For status and log.</param>
internal readonly record struct Goodbye(bool IsRefusal, string Reason)
{
    private const byte Refusal = 1;
    private const byte Other = 2;

    public byte[] Encode()
    {
        var text = Encoding.UTF8.GetBytes(Reason);
        return [IsRefusal ? Refusal : Other, .. text.AsSpan(0, Math.Min(text.Length, FrameFormat.MaxGoodbyeBytes - 1))];
    }

    /// <summary>Reads a goodbye. The text comes from outside: control characters are replaced before it is logged or shown.</summary>
    public static Goodbye Decode(ReadOnlySpan<byte> payload) =>
        new(payload[0] == Refusal, string.Concat(Encoding.UTF8.GetString(payload[1..]).Select(c => char.IsControl(c) ? '?' : c)));
}
