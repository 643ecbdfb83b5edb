using System.Reflection;

namespace Carillon.Interop.Tests.Servers;

/// <summary>Where things lie in the repository that this test was built in.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The built server, in the same configuration as the tests.</summary>
    public static string ServerAssembly => Built("src/Carillon.Server", "carillon.dll");

    private static string Configuration { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => string.Equals(attribute.Key, "Configuration", StringComparison.Ordinal)).Value!;

    /// <summary>A file of this test project, such as <c>python/client.py</c>.</summary>
    public static string TestFile(string path) => Path.Combine(Root, "tests", "Carillon.Interop.Tests", path);

    /// <summary>A built program of <c>samples/</c>, in the same configuration as the tests.</summary>
    public static string SampleAssembly(string name) => Built($"samples/{name}", $"{name}.dll");

    private static string Built(string project, string assembly)
    {
        var path = Path.Combine(Root, project, "bin", Configuration, "net10.0", assembly);
        return File.Exists(path) ? path : throw new FileNotFoundException($"Build {project} first ({Configuration}).", path);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Carillon.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No Carillon.slnx above {AppContext.BaseDirectory}.");
    }
}
