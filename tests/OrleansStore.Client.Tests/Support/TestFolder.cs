namespace OrleansStore.Client.Tests.Support;

/// <summary>A folder of one test, removed at its end.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleansstore-client-");

    public string Path => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);
}
