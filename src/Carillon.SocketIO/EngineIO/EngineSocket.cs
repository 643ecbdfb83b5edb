using System.Net;
using System.Security.Claims;
using System.Text;
using Carillon.Connections;
using Microsoft.Extensions.Primitives;

namespace Carillon.SocketIO.EngineIO;

/// <summary>
/// One client of an <see cref="EngineIOServer"/>. Its messages are handled one after another, in the order in which they came; sending never blocks.
/// Thread-safe.
/// </summary>
public sealed partial class EngineSocket : IEngineListener
{
    private readonly EngineIOServer _server;
    private readonly EngineSession _session;
    private readonly Lock _gate = new(); // Guards _opened, _closedEarly, _waiting and _backlog.
    private bool _opened;
    private DisconnectReason? _closedEarly;
    private Task _connected = Task.CompletedTask;
    private Func<EngineMessage, ValueTask>? _messageHandler;
    private Func<DisconnectReason, ValueTask>? _closeHandler;

    internal EngineSocket(EngineIOServer server, EngineSession session)
    {
        _server = server;
        _session = session;
    }

    /// <summary>The session's id: random, and a secret of this client.</summary>
    public string Id => _session.Id;

    /// <summary>How the client is connected now: <c>polling</c> or <c>websocket</c>.</summary>
    public string Transport => _session.Transport == SocketIOTransports.WebSocket ? "websocket" : "polling";

    /// <summary>Whether the session is open.</summary>
    public bool IsOpen => _session.IsOpen;

    /// <summary>Query parameters of the handshake.</summary>
    public IReadOnlyDictionary<string, StringValues> Query => _session.Request.Query;

    /// <summary>Headers of the handshake.</summary>
    public IReadOnlyDictionary<string, StringValues> Headers => _session.Request.Headers;

    /// <summary>The client's address as the server sees it, or null if there is none.</summary>
    public IPAddress? RemoteAddress => _session.Request.RemoteAddress;

    /// <summary>Who the application's authentication says it is.</summary>
    public ClaimsPrincipal User => _session.Request.User;

    /// <summary>How many frames wait to be sent to this client.</summary>
    public int QueuedFrames => _session.Outbox.Count;

    /// <summary>
    /// Sets what is done with each message; the client is not read from until the task completes, for <see cref="EngineIOOptions.PauseTimeout"/> at most. While more
    /// than half of <see cref="OutboxOptions.MaxBytes"/> or <see cref="OutboxOptions.MaxFrames"/> waits for the client, or the connection handler runs, its next messages wait: up to
    /// <see cref="EngineIOOptions.MaxHttpBufferSize"/> bytes or 1,000 messages, then it is not read from. A later call replaces it. Exceptions are logged.
    /// </summary>
    public void OnMessage(Func<EngineMessage, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Volatile.Write(ref _messageHandler, handler);
    }

    /// <summary>Sets what is done with each message; see <see cref="OnMessage(Func{EngineMessage, ValueTask})"/>.</summary>
    public void OnMessage(Action<EngineMessage> handler) => OnMessage(SynchronousHandler.Adapt(handler));

    /// <summary>Sets what is done when the session has ended, once; messages that came before may still be being handled. A later call replaces it. Exceptions are logged.</summary>
    public void OnClose(Func<DisconnectReason, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Volatile.Write(ref _closeHandler, handler);
    }

    /// <summary>Queues a text message. False if the session has ended or its outbox is full; a full outbox closes the session.</summary>
    public bool SendText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        using var writer = new FrameWriter();
        writer.GetSpan(1)[0] = (byte)EnginePacketType.Message;
        writer.Advance(1);
        Encoding.UTF8.GetBytes(text, writer);
        return _session.Outbox.TryEnqueue(writer.ToFrame());
    }

    /// <summary>Queues a text message that the caller knows to be valid UTF-8; see <see cref="SendText(string)"/>.</summary>
    public bool SendText(ReadOnlySpan<byte> utf8)
    {
        using var writer = new FrameWriter(utf8.Length + 1);
        Span<byte> packet = writer.GetSpan(utf8.Length + 1);
        packet[0] = (byte)EnginePacketType.Message;
        utf8.CopyTo(packet[1..]);
        writer.Advance(utf8.Length + 1);
        return _session.Outbox.TryEnqueue(writer.ToFrame());
    }

    /// <summary>Queues a binary message; see <see cref="SendText(string)"/>.</summary>
    public bool SendBinary(ReadOnlySpan<byte> bytes) => _session.Outbox.TryEnqueue(Frame.FromBinary(bytes));

    /// <summary>Closes the session after what waits was sent. <paramref name="reason"/> is a text of the server's own: WebSocket clients see it, and it is logged.</summary>
    public void Close(string? reason = null) => _session.Close(new DisconnectReason(DisconnectCause.ForcedClose, reason));

    void IEngineListener.OnOpened()
    {
        ValueTask connected = Guard(_server.ConnectionHandler, this, "connection");
        if (!connected.IsCompletedSuccessfully)
        {
            _connected = connected.AsTask();
        }

        DisconnectReason? closed;
        lock (_gate)
        {
            _opened = true;
            closed = _closedEarly;
        }

        if (closed is { } reason)
        {
            _ = HandleCloseAsync(reason);
        }
    }

    void IEngineListener.OnHeartbeat(long now)
    {
    }

    void IEngineListener.OnClosed(DisconnectReason reason)
    {
        lock (_gate)
        {
            _backlog?.Release();
            if (!_opened)
            {
                _closedEarly = reason; // The connection handler must first have its chance to register for it.
                return;
            }
        }

        _ = HandleCloseAsync(reason);
    }

    private async Task HandleCloseAsync(DisconnectReason reason)
    {
        await _connected;
        await Guard(Volatile.Read(ref _closeHandler), reason, "close");
    }

    // Runs a handler of the application: its faults end here.
    private ValueTask Guard<T>(Func<T, ValueTask>? handler, T argument, string name)
    {
        if (handler is null)
        {
            return ValueTask.CompletedTask;
        }

        try
        {
            ValueTask running = handler(argument);
            return running.IsCompletedSuccessfully ? running : GuardAsync(running, name);
        }
        catch (Exception error)
        {
            OnFault(error, name);
            return ValueTask.CompletedTask;
        }
    }

    private async ValueTask GuardAsync(ValueTask running, string name)
    {
        try
        {
            await running;
        }
        catch (Exception error)
        {
            OnFault(error, name);
        }
    }

    private void OnFault(Exception error, string name)
    {
        _server.LogHandlerFault(error, name);
        if (name == "connection")
        {
            _session.Close(new DisconnectReason(DisconnectCause.ForcedClose, "internal error")); // Without its handlers the client would talk to no one.
        }
    }
}
