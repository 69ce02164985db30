using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansStore.Storage.Checksums;

namespace OrleansStore.Storage.Folders;

/// <summary>The text of <c>store.json</c>: whose data a folder holds.</summary>
/// <remarks>
/// UTF-8, exactly this text with the values filled in, so that every bit of it counts; the checksum is the CRC32C of all that stands before its own line.
/// In every format version the last line has this form and this place.
/// <code>
/// {
///   "formatVersion": 1,
///   "storeId": "00112233445566778899aabbccddeeff",
///   "incarnation": 1,
///   "datacenter": "dc1",
///   "checksum": "01234567"
/// }
/// </code>
/// </remarks>
internal static class StoreFile
{
    public const string Name = "store.json";
    public const int FormatVersion = 1;

    /// <summary>Bounds what is read of a file that claims to be this one.</summary>
    public const int MaxBytes = 4096;

    private const string ChecksumStart = "  \"checksum\": \"";
    private const string ChecksumEnd = "\"\n}\n";
    private const int ChecksumDigits = 8;

    public static byte[] Encode(StoreIdentity identity)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{{\n  \"formatVersion\": {FormatVersion},\n  \"storeId\": \"{identity.StoreId}\",\n  \"incarnation\": {identity.Incarnation},\n  \"datacenter\": \"{identity.Datacenter}\",\n");
        return Encoding.UTF8.GetBytes(text + ChecksumLine(Crc32C.Compute(Encoding.UTF8.GetBytes(text))));
    }

    /// <exception cref="CorruptionException">The file is damaged.</exception>
    /// <exception cref="StoreException">Its format is newer.</exception>
    public static StoreIdentity Decode(string path, ReadOnlySpan<byte> source)
    {
        var lineBytes = ChecksumStart.Length + ChecksumDigits + ChecksumEnd.Length;
        var checkedBytes = Math.Max(source.Length - lineBytes, 0);
        var expected = ChecksumLine(Crc32C.Compute(source[..checkedBytes]));
        if (!source[checkedBytes..].SequenceEqual(Encoding.UTF8.GetBytes(expected)))
        {
            throw new CorruptionException(path, 0, $"a last line that tells the checksum of the others, {expected.Trim().Split('"')[3]}", "another last line");
        }

        try
        {
            using var document = JsonDocument.Parse(source.ToArray());
            return Read(path, document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new CorruptionException($"{path} has a valid checksum but not the content of format {FormatVersion}: {exception.Message}", exception);
        }
    }

    private static StoreIdentity Read(string path, JsonElement root)
    {
        var version = root.GetProperty("formatVersion").GetInt32();
        if (version != FormatVersion)
        {
            throw new StoreException(ErrorCode.UnsupportedFormat, $"{path} has format version {version}; this release reads version {FormatVersion}.");
        }

        var text = root.GetProperty("storeId").GetString();
        return StoreId.TryParse(text, out var storeId)
            ? new StoreIdentity(storeId, root.GetProperty("incarnation").GetUInt64(), root.GetProperty("datacenter").GetString() ?? string.Empty)
            : throw new FormatException($"'{text}' is no store id");
    }

    private static string ChecksumLine(uint checksum) => ChecksumStart + checksum.ToString("x8", CultureInfo.InvariantCulture) + ChecksumEnd;
}
