using System.Diagnostics;

namespace Carillon.SocketIO.Tests;

/// <summary>Runs an official client's script in its own process and collects what it prints.</summary>
internal static class ClientProcess
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly Task Packages = InstallPackagesAsync();

    /// <summary>
    /// Runs <c>python/name.py</c> or <c>node/name.mjs</c> to its end and returns its output; <paramref name="onLine"/> sees each line at once.
    /// </summary>
    public static async Task<string> RunAsync(string language, string name, Action<string>? onLine, params string[] arguments)
    {
        if (language == "node")
        {
            await Packages;
        }

        string script = Path.Combine(AppContext.BaseDirectory, language, language == "node" ? name + ".mjs" : name + ".py");
        return await RunAsync(language == "node" ? "node" : "/usr/bin/python3", [script, .. arguments], onLine);
    }

    private static Task InstallPackagesAsync()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "node");
        return Directory.Exists(Path.Combine(folder, "node_modules", "socket.io-client"))
            ? Task.CompletedTask
            : RunAsync("npm", ["ci", "--prefix", folder], null);
    }

    private static async Task<string> RunAsync(string program, string[] arguments, Action<string>? onLine)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using Process process = Process.Start(start)!;
        Task<string> output = ReadAsync(process.StandardOutput, onLine);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Longest);
        }
        catch (TimeoutException late)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {arguments[0]} did not end. It printed:\n{await output}\n{await errors}", late);
        }

        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{program} {arguments[0]} failed:\n{await output}\n{await errors}");
    }

    private static async Task<string> ReadAsync(StreamReader reader, Action<string>? onLine)
    {
        var all = new System.Text.StringBuilder();
        while (await reader.ReadLineAsync() is { } line)
        {
            all.AppendLine(line);
            onLine?.Invoke(line);
        }

        return all.ToString();
    }
}
