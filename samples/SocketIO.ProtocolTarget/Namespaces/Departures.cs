using System.Collections.Concurrent;
using Carillon.SocketIO;

namespace SocketIO.ProtocolTarget.Namespaces;

/// <summary>Why sockets left, for the event <c>reason-of</c>; the last 10,000 of them are remembered. Thread-safe.</summary>
internal sealed class Departures
{
    private const int Most = 10_000;
    private readonly ConcurrentDictionary<string, string> _reasons = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();

    public void Add(string socketId, DisconnectReason reason)
    {
        if (_reasons.TryAdd(socketId, Describe(reason.Cause)))
        {
            _order.Enqueue(socketId);
        }

        while (_order.Count > Most && _order.TryDequeue(out string? oldest))
        {
            _reasons.TryRemove(oldest, out _);
        }
    }

    /// <summary>Null for one that is there, or forgotten, or never was.</summary>
    public string? Find(string? socketId) => socketId is null ? null : _reasons.GetValueOrDefault(socketId);

    // The five words that the target promises. The reference has more where the server breaks the link: `forced close` after a malformed packet of Socket.IO,
    // `parse error` after one of Engine.IO. Of the five, `transport error` comes nearest to a client's fault, and `transport close` to any other end of the link.
    private static string Describe(DisconnectCause cause) => cause switch
    {
        DisconnectCause.ClientNamespaceDisconnect or DisconnectCause.ServerNamespaceDisconnect or DisconnectCause.PingTimeout => new DisconnectReason(cause).ToString(),
        DisconnectCause.ParseError or DisconnectCause.TransportError => "transport error",
        _ => "transport close",
    };
}
