using Carillon.SocketIO.Cluster;
using Carillon.SocketIO.Packets;
using Carillon.SocketIO.Rooms;

namespace Carillon.SocketIO;

public abstract partial class BroadcastEmitter
{
    private static readonly TimeSpan FetchTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// These sockets as they are now. Other nodes are given 5 s to name theirs, and 1 s more for the way; one that does not answer in time, or cannot be asked, is left out. Values of
    /// <see cref="Socket.Data"/> that cannot be serialized do not reach other nodes.
    /// </summary>
    public async Task<IReadOnlyList<RemoteSocket>> FetchSocketsAsync(CancellationToken cancellationToken = default)
    {
        List<RemoteSocket> found = [.. Collect().Select(socket => new RemoteSocket(socket, Flags))];
        if (MessageForOthers(ClusterMessageKind.Fetch, default) is { } message)
        {
            ClusterAnswers others = await Target.Server.Cluster!.RequestAsync(message, FetchTimeout, cancellationToken);
            found.AddRange(others.Messages.SelectMany(static other => other.Sockets).Select(socket => new RemoteSocket(Target, socket, Flags)));
        }

        return found;
    }

    /// <summary>Puts all these sockets into <paramref name="rooms"/>.</summary>
    public ValueTask SocketsJoinAsync(params ReadOnlySpan<string> rooms)
    {
        string[] targets = [.. rooms];
        JoinLocally(targets);
        return TellOthersAsync(ClusterMessageKind.Join, targets, close: false);
    }

    /// <summary>Takes all these sockets out of <paramref name="rooms"/>.</summary>
    public ValueTask SocketsLeaveAsync(params ReadOnlySpan<string> rooms)
    {
        string[] targets = [.. rooms];
        ValueTask told = TellOthersAsync(ClusterMessageKind.Leave, targets, close: false);
        LeaveLocally(targets);
        return told;
    }

    /// <summary>Makes all these sockets leave the namespace, or with <paramref name="close"/> closes their clients' connections.</summary>
    public ValueTask DisconnectSocketsAsync(bool close = false)
    {
        DisconnectLocally(close);
        return TellOthersAsync(ClusterMessageKind.Disconnect, [], close);
    }

    /// <summary>A message about these sockets to the other nodes; null if there are none, or none are meant.</summary>
    internal ClusterMessage? MessageForOthers(ClusterMessageKind kind, in Payload payload) => Flags.IsLocal || Target.Server.Cluster is not { } node
        ? null
        : new ClusterMessage
        {
            Kind = kind,
            NodeId = node.NodeId,
            Namespace = Target.Name,
            Rooms = Audience.Rooms,
            Except = Audience.Except,
            IsVolatile = Flags.IsVolatile,
            IsUncompressed = Flags.IsUncompressed,
            Data = payload.Json.ToArray(),
            Attachments = payload.CopyAttachments(),
        };

    internal List<Socket> Collect()
    {
        var sockets = new List<Socket>();
        var visitor = new CollectVisitor(sockets);
        Target.Index.Visit(Audience, ref visitor);
        return sockets;
    }

    internal void JoinLocally(string[] rooms)
    {
        foreach (Socket socket in Collect())
        {
            socket.Join(rooms);
        }
    }

    internal void LeaveLocally(string[] rooms)
    {
        foreach (Socket socket in Collect())
        {
            foreach (string room in rooms)
            {
                socket.Leave(room);
            }
        }
    }

    internal void DisconnectLocally(bool close)
    {
        foreach (Socket socket in Collect())
        {
            socket.Disconnect(close);
        }
    }

    private ValueTask TellOthersAsync(ClusterMessageKind kind, string[] targets, bool close) =>
        MessageForOthers(kind, default) is { } message
            ? Target.Server.Cluster!.PublishAsync(message with { Targets = targets, Close = close })
            : ValueTask.CompletedTask;
}
