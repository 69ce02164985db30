using System.Globalization;

namespace OrleansStore.Storage.Files;

/// <summary>An exclusive operating system lock (flock on Unix, a share mode on Windows), which the system drops when the process dies.</summary>
/// <remarks>The holder's process id stands in a second file, because nobody else can open the locked one. That file is a hint for the error
/// message and nothing more: it may be stale, and nothing decides by it.</remarks>
internal sealed class LocalFolderLock : IAsyncDisposable
{
    private const string OwnerSuffix = ".pid";

    private readonly FileStream _stream;

    private LocalFolderLock(FileStream stream) => _stream = stream;

    public static LocalFolderLock Take(string path)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            throw new StoreException(
                ErrorCode.DataFolderInUse, $"The data folder {FilePath.Parent(path)} is in use by {Owner(path)}.", isTransient: false, exception);
        }

        WriteOwner(path);
        return new LocalFolderLock(stream);
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private static void WriteOwner(string path)
    {
        try
        {
            File.WriteAllText(path + OwnerSuffix, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            // A full disk must not keep a store from starting for the sake of a hint.
        }
    }

    private static string Owner(string path)
    {
        try
        {
            return $"process {File.ReadAllText(path + OwnerSuffix)}";
        }
        catch (IOException)
        {
            return "an unknown process";
        }
    }
}
