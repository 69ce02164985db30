using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using OrleansStore.Cli.Keys;

namespace OrleansStore.Cli.Bench.Wire;

/// <summary>Writes requests as bytes of HTTP/1.1. What is the same in all of them is rendered once. Not safe for concurrent use.</summary>
internal sealed class WireRequests
{
    private const int MaxConditionBytes = 64;

    private readonly byte[] _getHead;
    private readonly byte[] _putHead;
    private readonly byte[] _tail;
    private readonly byte[] _putTail;
    private readonly byte[] _value;
    private ulong _writes;

    /// <summary>Renders what requests to one endpoint have in common.</summary>
    /// <param name="plan">Keys, values and deadline.</param>
    /// <param name="endpoint">Where they go.</param>
    /// <param name="random">Where the bytes of the values come from.</param>
    public WireRequests(BenchPlan plan, Uri endpoint, IRandomSource random)
    {
        var path = $"/v1/kv/{KeyText.Encode(plan.KeyPrefix.Span)}";
        _getHead = Encoding.ASCII.GetBytes($"GET {path}");
        _putHead = Encoding.ASCII.GetBytes($"PUT {path}");
        var shared = string.Create(
            CultureInfo.InvariantCulture, $" HTTP/1.1\r\nHost: {endpoint.Authority}\r\nOrleansStore-Timeout: {(int)Math.Max(plan.Timeout.TotalMilliseconds, 1)}\r\n");
        _tail = Encoding.ASCII.GetBytes(shared + "\r\n");
        _putTail = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{shared}Content-Length: {plan.ValueBytes}\r\n"));
        _value = new byte[plan.ValueBytes];
        for (var i = 0; i < _value.Length; i++)
        {
            _value[i] = (byte)random.Next(256);
        }
    }

    /// <summary>Writes one request.</summary>
    public void Write(in BenchRequest request, ArrayBufferWriter<byte> output)
    {
        output.Write(request.Operation == BenchOperation.Get ? _getHead : _putHead);
        BenchKeys.Format(request.Key, output.GetSpan(BenchKeys.Digits));
        output.Advance(BenchKeys.Digits);
        if (request.Operation == BenchOperation.Get)
        {
            output.Write(_tail);
            return;
        }

        output.Write(_putTail);
        if (request.Operation == BenchOperation.ConditionalPut)
        {
            WriteCondition(request.Revision, output);
        }

        output.Write("\r\n"u8);
        WriteValue(output);
    }

    private static void WriteCondition(ulong revision, ArrayBufferWriter<byte> output)
    {
        if (revision == 0)
        {
            output.Write("If-None-Match: *\r\n"u8);
            return;
        }

        var line = output.GetSpan(MaxConditionBytes);
        System.Text.Unicode.Utf8.TryWrite(line, CultureInfo.InvariantCulture, $"If-Match: \"{revision}\"\r\n", out var length);
        output.Advance(length);
    }

    // No two values are the same, so that nothing on the way can save the writing of one.
    private void WriteValue(ArrayBufferWriter<byte> output)
    {
        if (_value.Length >= sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_value, _writes++);
        }

        output.Write(_value);
    }
}
