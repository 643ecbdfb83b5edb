using System.Collections.Concurrent;
using Carillon.SocketIO;

namespace SocketIO.ProtocolTarget.Namespaces;

/// <summary>Why sockets left, for the event <c>reason-of</c>; the last 10,000 of them are remembered. Thread-safe.</summary>
internal sealed class Departures
{
    private const int Most = 10_000;
    private readonly ConcurrentDictionary<string, Socket> _present = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Departure> _last = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Departure> _order = new();

    /// <summary>A socket has joined, for the first time or, recovered, again with the id it had.</summary>
    public void Arrive(Socket socket) => _present[socket.Id] = socket;

    public void Add(Socket socket, DisconnectReason reason)
    {
        var departure = new Departure(socket.Id, Describe(reason.Cause));
        _last[socket.Id] = departure;
        _order.Enqueue(departure);
        while (_order.Count > Most && _order.TryDequeue(out Departure? oldest))
        {
            _last.TryRemove(KeyValuePair.Create(oldest.SocketId, oldest)); // Not a later one of the same id.
        }

        _present.TryRemove(KeyValuePair.Create(socket.Id, socket)); // Not the one that has taken up its session meanwhile.
    }

    /// <summary>Null for one that is there, or forgotten, or never was.</summary>
    public string? Find(string? socketId) =>
        socketId is null || _present.ContainsKey(socketId) ? null : _last.GetValueOrDefault(socketId)?.Reason;

    // The five words that the target promises. The reference has more where the server breaks the link: `forced close` after a malformed packet of Socket.IO,
    // `parse error` after one of Engine.IO. Of the five, `transport error` comes nearest to a client's fault, and `transport close` to any other end of the link.
    private static string Describe(DisconnectCause cause) => cause switch
    {
        DisconnectCause.ClientNamespaceDisconnect or DisconnectCause.ServerNamespaceDisconnect or DisconnectCause.PingTimeout => new DisconnectReason(cause).ToString(),
        DisconnectCause.ParseError or DisconnectCause.TransportError => "transport error",
        _ => "transport close",
    };

    /// <summary>One departure, equal to itself alone.</summary>
    private sealed class Departure(string socketId, string reason)
    {
        public string SocketId => socketId;

        public string Reason => reason;
    }
}
