using System.Text.Json;

namespace Carillon.Bench.Targets;

/// <summary>A server to measure and how it is started.</summary>
/// <param name="Name">As shown in the table.</param>
/// <param name="Program">The executable.</param>
/// <param name="Arguments">Its arguments, given the port and a directory for its files.</param>
internal sealed record Target(string Name, string Program, Func<int, string, IReadOnlyList<string>> Arguments)
{
    /// <summary>The whole program, with topics and its database.</summary>
    public static Target Carillon(string repository)
    {
        string assembly = Path.Combine(repository, "src", "Carillon.Server", "bin", "Release", "net10.0", "carillon.dll");
        return new Target("Carillon", "dotnet", (port, directory) =>
            [assembly, "serve", "--port", $"{port}", "--database", Path.Combine(directory, "bench.db")]);
    }

    /// <summary>A program in <c>bench/socketio-node</c>.</summary>
    public static Target SocketIo(string repository, string script)
    {
        string directory = Path.Combine(repository, "bench", "socketio-node");
        using JsonDocument package = JsonDocument.Parse(File.ReadAllText(Path.Combine(directory, "node_modules", "socket.io", "package.json")));
        string version = package.RootElement.GetProperty("version").GetString()!;
        return new Target($"socket.io {version}", "node", (port, _) => [Path.Combine(directory, script), $"{port}"]);
    }

    /// <summary>A small server in <c>bench</c>.</summary>
    public static Target DotNet(string repository, string project, string name, params string[] arguments)
    {
        string assembly = Path.Combine(repository, "bench", project, "bin", "Release", "net10.0", $"{project}.dll");
        return new Target(name, "dotnet", (port, _) => [assembly, $"{port}", .. arguments]);
    }
}
