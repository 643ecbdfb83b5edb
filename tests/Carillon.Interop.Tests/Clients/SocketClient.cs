using System.Text.Json;
using System.Text.Json.Nodes;

namespace Carillon.Interop.Tests.Clients;

/// <summary>One stock Socket.IO client in a <see cref="ClientProcess"/>: one connection, one or several namespaces. Thread-safe.</summary>
internal sealed class SocketClient(ClientProcess process, string name) : IAsyncDisposable
{
    public const string Main = "/";
    public const string Monitor = "/monitor";
    private readonly EventLog<ReceivedEvent> _events = new();
    private readonly EventLog<(string State, string? Reason)> _states = new();
    private readonly Dictionary<string, string> _sids = new(StringComparer.Ordinal);

    public string Name => name;

    /// <summary>Every event that came so far.</summary>
    public IReadOnlyList<ReceivedEvent> Events => _events.Snapshot();

    /// <summary>The Socket.IO session id in a namespace, as of the last connect.</summary>
    public string SidOf(string @namespace = Main) => _sids[@namespace];

    public async Task ConnectAsync(Uri address, ClientKind kind, IReadOnlyList<string> namespaces) => Remember(await process.CommandAsync(name, "connect", new JsonObject
    {
        ["url"] = address.ToString(),
        ["transports"] = new JsonArray([.. kind.Transports()]),
        ["namespaces"] = new JsonArray([.. namespaces]),
    }));

    /// <summary>Registers a handler for an event, one that takes exactly one argument.</summary>
    public Task ListenAsync(string @event, string @namespace = Main) =>
        process.CommandAsync(name, "listen", new JsonObject { ["event"] = @event, ["namespace"] = @namespace });

    /// <summary>Emits without asking for an acknowledgement.</summary>
    public Task EmitAsync(string @event, JsonNode? payload, string @namespace = Main) => process.CommandAsync(name, "emit", Emission(@event, payload, @namespace));

    /// <summary>Emits, and returns the acknowledgement's one argument.</summary>
    public async Task<JsonElement> CallAsync(string @event, JsonNode? payload, string @namespace = Main)
    {
        var answer = await process.CommandAsync(name, "call", Emission(@event, payload, @namespace));
        return answer.EnumerateArray().ShouldHaveSingleItem($"the acknowledgement of {@event} must have one argument");
    }

    /// <summary>Waits for an event that matches, and returns the first such.</summary>
    public async Task<ReceivedEvent> WaitForAsync(Func<ReceivedEvent, bool> matches, string expectation) => (await WaitForAsync(matches, 1, expectation))[0];

    /// <summary>Waits for as many matching events, and returns all that match.</summary>
    public async Task<IReadOnlyList<ReceivedEvent>> WaitForAsync(Func<ReceivedEvent, bool> matches, int count, string expectation, TimeSpan? deadline = null)
    {
        try
        {
            return await _events.WaitAsync(matches, count, expectation, deadline);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{name}, which was told {string.Join(", ", _states.Snapshot())}: {late.Message}", late);
        }
    }

    /// <summary>Waits until the library has told <c>connect</c> or <c>disconnect</c> of any namespace that often.</summary>
    public Task WaitForStateAsync(string state, int times) =>
        _states.WaitAsync(told => string.Equals(told.State, state, StringComparison.Ordinal), times, $"{state}, {times} times");

    public async Task<string> TransportAsync() => (await process.CommandAsync(name, "transport")).GetString()!;

    public async Task RefreshSidsAsync() => Remember(await process.CommandAsync(name, "sids"));

    /// <summary>A clean disconnect.</summary>
    public Task DisconnectAsync() => process.CommandAsync(name, "disconnect");

    public async ValueTask DisposeAsync() => await DisconnectAsync();

    internal void OnLine(JsonElement line)
    {
        if (line.TryGetProperty("state", out var state))
        {
            _states.Add((state.GetString()!, line.TryGetProperty("reason", out var reason) ? reason.GetString() : null));
            return;
        }

        _events.Add(new ReceivedEvent(
            line.GetProperty("namespace").GetString()!,
            line.GetProperty("event").GetString()!,
            [.. line.GetProperty("arguments").EnumerateArray()]));
    }

    private static JsonObject Emission(string @event, JsonNode? payload, string @namespace) =>
        new() { ["event"] = @event, ["payload"] = payload?.DeepClone(), ["namespace"] = @namespace };

    private void Remember(JsonElement answer)
    {
        foreach (var sid in answer.GetProperty("sids").EnumerateObject())
        {
            _sids[sid.Name] = sid.Value.GetString()!;
        }
    }
}
