namespace Carillon.Interop.Tests.Servers;

/// <summary>A folder of its own for one test, on the disk that holds the temporary files; removed afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("carillon-interop-").FullName;

    /// <summary>The database that a server of this test uses.</summary>
    public string Database => File("pubsub.db");

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string Subfolder(string name) => Directory.CreateDirectory(File(name)).FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
