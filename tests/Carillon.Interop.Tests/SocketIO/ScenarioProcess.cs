using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Carillon.Interop.Tests.Clients;
using Carillon.Interop.Tests.Http;
using Carillon.Interop.Tests.Servers;

namespace Carillon.Interop.Tests.SocketIO;

/// <summary>A process that runs scenarios with stock clients: <c>node/scenarios.mjs</c> or <c>python/run_scenarios.py</c>. Thread-safe.</summary>
internal sealed class ScenarioProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly OutputTail _errors = new();
    private readonly ConcurrentDictionary<int, ScenarioRun> _runs = new();
    private readonly Lock _input = new(); // Keeps lines whole. The pipe's reader never waits for us, so a write does not block for long.
    private int _last;

    private ScenarioProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => OnLine(line.Data);
        _process.ErrorDataReceived += (_, line) => _errors.Add(line.Data);
    }

    public static ScenarioProcess Start(ClientLibrary library)
    {
        ProcessStartInfo info = library == ClientLibrary.Python
            ? new ProcessStartInfo("/usr/bin/python3", [Repository.TestFile("python/run_scenarios.py")])
            : new ProcessStartInfo("node", [Repository.TestFile("node/scenarios.mjs")]);
        info.UseShellExecute = false;
        info.RedirectStandardInput = true;
        info.RedirectStandardOutput = true;
        info.RedirectStandardError = true;
        var process = new ScenarioProcess(new Process { StartInfo = info });
        process._process.Start();
        process._process.BeginOutputReadLine();
        process._process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Begins the scenario <paramref name="name"/> with clients of the server at <paramref name="address"/>.</summary>
    public ScenarioRun Begin(string name, Uri address, string[] transports, JsonNode? details)
    {
        int id = Interlocked.Increment(ref _last);
        var run = new ScenarioRun(name, word => Write(new JsonObject { ["id"] = id, ["tell"] = word }), _errors);
        _runs[id] = run;
        Write(new JsonObject
        {
            ["id"] = id,
            ["name"] = name,
            ["url"] = address.ToString(),
            ["transports"] = JsonSerializer.SerializeToNode(transports),
            ["details"] = details,
        });
        return run;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Write(JsonObject line)
    {
        lock (_input)
        {
            _process.StandardInput.WriteLine(line.ToJsonString());
            _process.StandardInput.Flush();
        }
    }

    private void OnLine(string? line)
    {
        if (line is null)
        {
            return;
        }

        JsonElement json = WireJson.Parse(line);
        _runs[json.GetProperty("id").GetInt32()].OnLine(json);
    }
}
