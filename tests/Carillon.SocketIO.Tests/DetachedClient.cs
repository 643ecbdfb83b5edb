using System.Text;
using Carillon.Connections;
using Carillon.SocketIO.EngineIO;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carillon.SocketIO.Tests;

/// <summary>A client with a real session and no network: packets are handed in, and what the server sends stays in the outbox until it is taken.</summary>
internal sealed class DetachedClient
{
    public DetachedClient(SocketIOServer server) =>
        Session = new EngineSession(server.Engine, new HandshakeRequest(new DefaultHttpContext(), DateTimeOffset.UnixEpoch), webSocket: null);

    public EngineSession Session { get; }

    public static SocketIOServer CreateServer(SocketIOOptions? options = null, ILogger? logger = null) =>
        new(options ?? new SocketIOOptions(), TimeProvider.System, logger ?? NullLogger.Instance, null, new ServiceCollection().BuildServiceProvider());

    /// <summary>Hands in an Engine.IO packet.</summary>
    public ValueTask ReceiveAsync(string packet) => Session.OnWebSocketMessageAsync(Encoding.UTF8.GetBytes(packet), isBinary: false);

    /// <summary>What was sent since the last call.</summary>
    public Frame[] Take()
    {
        var frames = new Frame[Session.Outbox.Count];
        return frames[..Session.Outbox.Take(frames)];
    }

    /// <summary>What was sent since the last call, as text.</summary>
    public string[] TakeText() => [.. Take().Select(static frame => Encoding.UTF8.GetString(frame.Payload.Span))];
}
