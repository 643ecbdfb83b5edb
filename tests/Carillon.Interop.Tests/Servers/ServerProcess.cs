using System.Diagnostics;
using System.Text.RegularExpressions;
using Carillon.Interop.Tests.Http;
using Carillon.Interop.Tests.Waiting;

namespace Carillon.Interop.Tests.Servers;

/// <summary>A running server, started as its users start it.</summary>
/// <remarks><c>CARILLON_SERVER_COMMAND</c> names another program to start (an installed or published server); it gets the same arguments.</remarks>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly OutputTail _log = new();
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => OnOutput(line.Data);
        _process.ErrorDataReceived += (_, line) => _log.Add(line.Data);
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException($"The server ended before it was ready:\n{_log}"));
    }

    /// <summary>The address that the server's ready line tells.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public CarillonApi Api { get; private set; } = null!;

    /// <summary>The last lines of the server's output.</summary>
    public string Log => _log.ToString();

    public static async Task<ServerProcess> StartAsync(ServerSettings settings)
    {
        var server = new ServerProcess(new Process { StartInfo = CommandOf(settings) });
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        try
        {
            server.Address = await server._ready.Task.WaitAsync(Deadlines.Usual);
        }
        catch (Exception)
        {
            await server.DisposeAsync();
            throw;
        }

        server.Api = new CarillonApi(server.Address);
        return server;
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        Signals.SendTerminate(_process);
        return await ExitAsync();
    }

    /// <summary>Waits for the end of the process, at most as long as a graceful stop may take.</summary>
    public async Task<int> ExitAsync()
    {
        using var deadline = new CancellationTokenSource(Deadlines.GracefulStop);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"The server has not ended within {Deadlines.GracefulStop.TotalSeconds} s:\n{Log}", late);
        }

        return _process.ExitCode;
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    /// <summary>How a server with these settings is started.</summary>
    public static ProcessStartInfo CommandOf(ServerSettings settings)
    {
        var command = Environment.GetEnvironmentVariable("CARILLON_SERVER_COMMAND")?.Split(' ') ?? ["dotnet", Repository.ServerAssembly];
        var info = new ProcessStartInfo(command[0], [.. command[1..], .. settings.Arguments()])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(settings.Database)!,
        };
        foreach (var (name, value) in settings.Environment)
        {
            info.Environment[name] = value;
        }

        return info;
    }

    [GeneratedRegex(@"https?://\S+:(?<port>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AddressPattern { get; }

    private void OnOutput(string? line)
    {
        _log.Add(line);
        if (line is not null && AddressPattern.Match(line) is { Success: true } match)
        {
            _ready.TrySetResult(new Uri($"http://127.0.0.1:{match.Groups["port"].Value}"));
        }
    }
}
