using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Carillon.Bench.Linux;

namespace Carillon.Bench.Targets;

/// <summary>A server process on a free port of the loopback, with an empty directory of its own; both end with it.</summary>
internal sealed class RunningServer : IDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(15);

    private static readonly PosixSignal[] Interruptions = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];

    private readonly Process _process;
    private readonly PosixSignalRegistration[] _interruptions;
    private readonly string _directory;
    private readonly List<string> _output = [];
    private readonly ManualResetEventSlim _ready = new();

    private RunningServer(Target target, string workDirectory)
    {
        _directory = Path.Combine(workDirectory, Guid.NewGuid().ToString("N"));
        _ = Directory.CreateDirectory(_directory);
        Address = new IPEndPoint(IPAddress.Loopback, FreePort());
        ProcessStartInfo start = new(target.Program, target.Arguments(Address.Port, _directory))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _directory,
            Environment = { ["NODE_ENV"] = "production" },
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => OnOutput(line.Data);
        _process.ErrorDataReceived += (_, line) => OnOutput(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        // Also when the run is interrupted: no server may outlive it. The runtime raises no event when a signal ends the process.
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        _interruptions = [.. Interruptions.Select(signal => PosixSignalRegistration.Create(signal, _ => Terminate()))];
    }

    public IPEndPoint Address { get; }

    public int ProcessId => _process.Id;

    /// <summary>Starts a server and waits until it says that it accepts connections.</summary>
    /// <param name="target">What to start.</param>
    /// <param name="workDirectory">On a real disk: the server's database comes to lie in it.</param>
    public static RunningServer Start(Target target, string workDirectory)
    {
        RunningServer server = new(target, workDirectory);
        if (!server._ready.Wait(StartPatience) || server._process.HasExited)
        {
            string output = string.Join('\n', server._output);
            server.Dispose();
            throw new LoadException($"{target.Name} did not say that it is ready. Its output:\n{output}");
        }
        return server;
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        Array.ForEach(_interruptions, registration => registration.Dispose());
        Terminate();
        if (!_process.WaitForExit(StopPatience))
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
        _ready.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private void OnExit(object? sender, EventArgs e) => Terminate();

    private void Terminate()
    {
        if (!_process.HasExited)
        {
            _ = Libc.Kill(_process.Id, Libc.Terminate);
        }
    }

    // Every server prints a line with their address when they accept connections. A null line is the end of the output.
    private void OnOutput(string? line)
    {
        lock (_output)
        {
            if (_ready.IsSet)
            {
                return;
            }
            _output.Add(line ?? "(end)");
            if (line is null || line.Contains($":{Address.Port}", StringComparison.Ordinal))
            {
                _ready.Set();
            }
        }
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
