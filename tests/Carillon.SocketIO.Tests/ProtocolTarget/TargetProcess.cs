using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Carillon.SocketIO.Tests.ProtocolTarget;

/// <summary>The sample SocketIO.ProtocolTarget in a process of its own.</summary>
internal sealed class TargetProcess : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private readonly Process _process;

    private TargetProcess(Process process, int port)
    {
        _process = process;
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
    }

    public Uri Address { get; }

    /// <summary>Starts the sample and waits until it says that it listens.</summary>
    public static async Task<TargetProcess> StartAsync(string profile)
    {
        int port = FreePort();
        Process process = Run("--port", port.ToString(CultureInfo.InvariantCulture), "--profile", profile);
        string? line = await process.StandardOutput.ReadLineAsync().WaitAsync(Longest);
        return line == "listening" ? new TargetProcess(process, port) : throw new InvalidOperationException($"The target printed: {line}");
    }

    /// <summary>Runs it with arguments that are wrong; returns its exit code and what it said.</summary>
    public static async Task<(int ExitCode, string Errors)> FailAsync(params string[] arguments)
    {
        using Process process = Run(arguments);
        string errors = await process.StandardError.ReadToEndAsync().WaitAsync(Longest);
        await process.WaitForExitAsync().WaitAsync(Longest);
        return (process.ExitCode, errors);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }

    // The sample is built with the tests, into a folder of the same name: samples/SocketIO.ProtocolTarget/bin/<configuration>/<framework>.
    private static Process Run(params string[] arguments)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string root = output.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        string program = Path.Combine(root, "samples", "SocketIO.ProtocolTarget", "bin", output.Parent.Name, output.Name, "SocketIO.ProtocolTarget.dll");
        return Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
