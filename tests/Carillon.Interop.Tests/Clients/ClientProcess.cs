using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Carillon.Interop.Tests.Http;
using Carillon.Interop.Tests.Servers;
using Carillon.Interop.Tests.Waiting;

namespace Carillon.Interop.Tests.Clients;

/// <summary>
/// A process of its own that runs stock clients: <c>python/client.py</c> or <c>node/client.mjs</c>. Commands go in and answers and events come
/// out as lines of JSON. Thread-safe.
/// </summary>
internal sealed class ClientProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly OutputTail _errors = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _pending = new();
    private readonly ConcurrentDictionary<string, SocketClient> _clients = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _input = new(1, 1);
    private int _lastCommand;
    private int _lastClient;

    private ClientProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => OnLine(line.Data);
        _process.ErrorDataReceived += (_, line) => _errors.Add(line.Data);
    }

    public static ClientProcess Start(ClientLibrary library)
    {
        var info = library == ClientLibrary.Python
            ? new ProcessStartInfo("/usr/bin/python3", [Repository.TestFile("python/client.py")])
            : new ProcessStartInfo("node", [Repository.TestFile("node/client.mjs")]);
        info.UseShellExecute = false;
        info.RedirectStandardInput = true;
        info.RedirectStandardOutput = true;
        info.RedirectStandardError = true;
        var client = new ClientProcess(new Process { StartInfo = info });
        client._process.Start();
        client._process.BeginOutputReadLine();
        client._process.BeginErrorReadLine();
        return client;
    }

    /// <summary>Connects one client over the transports of <paramref name="kind"/>; without namespaces, to <c>/</c>.</summary>
    public async Task<SocketClient> ConnectAsync(ClientKind kind, ServerProcess server, params string[] namespaces)
    {
        string[] joined = namespaces is [] ? [SocketClient.Main] : namespaces;
        var client = new SocketClient(this, $"client-{Interlocked.Increment(ref _lastClient)}");
        _clients[client.Name] = client;
        await client.ConnectAsync(server.Address, kind, joined);
        return client;
    }

    /// <summary>SIGKILL, as a crashed client ends.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
        _input.Dispose();
    }

    /// <summary>Sends a command and returns its answer's value; an error of the client library is thrown.</summary>
    internal async Task<JsonElement> CommandAsync(string client, string verb, JsonObject? details = null)
    {
        var id = Interlocked.Increment(ref _lastCommand);
        var command = details ?? [];
        command["id"] = id;
        command["do"] = verb;
        command["client"] = client;
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending[id] = answer;
        await _input.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync(command.ToJsonString());
            await _process.StandardInput.FlushAsync();
        }
        finally
        {
            _input.Release();
        }

        try
        {
            return await answer.Task.WaitAsync(Deadlines.Usual);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"The client process did not answer {verb}. Its errors:\n{_errors}", late);
        }
    }

    private void OnLine(string? line)
    {
        if (line is null)
        {
            return;
        }

        var json = WireJson.Parse(line);
        if (json.TryGetProperty("id", out var id))
        {
            Answer(id.GetInt32(), json);
        }
        else
        {
            _clients[json.GetProperty("client").GetString()!].OnLine(json);
        }
    }

    private void Answer(int id, JsonElement json)
    {
        if (!_pending.TryRemove(id, out var pending))
        {
            return;
        }

        if (json.TryGetProperty("error", out var error))
        {
            pending.SetException(new InvalidOperationException($"The client failed: {error.GetString()}\n{_errors}"));
        }
        else
        {
            pending.SetResult(json.GetProperty("value"));
        }
    }
}
