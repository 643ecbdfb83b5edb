using System.Text.Json;
using Carillon.SocketIO.Acknowledgements;
using Carillon.SocketIO.Packets;
using Carillon.SocketIO.Rooms;

namespace Carillon.SocketIO.Cluster;

/// <summary>Does on this node what another asks for.</summary>
internal sealed class ClusterRequestHandler(SocketIOServer server, ClusterNode node)
{
    public void Handle(ClusterMessage message)
    {
        if (message.Family is { } family)
        {
            SocketNamespaceFamily[] families = server.Families;
            if (family < families.Length)
            {
                families[family].SendLocally(PayloadOf(message));
            }

            return;
        }

        if (server.Find(message.Namespace ?? "/") is { } target)
        {
            Handle(message, target);
        }
        else if (message.RequestId is not null)
        {
            _ = AnswerAsync(message, () => Task.FromResult(Empty())); // Nobody here is in that namespace.
        }
    }

    private void Handle(ClusterMessage message, SocketNamespace target)
    {
        var flags = new EmitFlags { IsVolatile = message.IsVolatile, IsUncompressed = message.IsUncompressed, IsLocal = true };
        var sockets = new BroadcastOperator(target, new Audience(message.Rooms, message.Except), flags);
        switch (message.Kind)
        {
            case ClusterMessageKind.Broadcast:
                target.Broadcast(sockets.Audience, flags, PayloadOf(message));
                break;
            case ClusterMessageKind.Ask:
                _ = AnswerAsync(message, () => AskAsync(message, sockets));
                break;
            case ClusterMessageKind.Fetch:
                _ = AnswerAsync(message, () => Task.FromResult(Empty() with { Sockets = [.. sockets.Collect().Select(Describe)] }));
                break;
            case ClusterMessageKind.Join:
                sockets.JoinLocally(message.Targets);
                break;
            case ClusterMessageKind.Leave:
                sockets.LeaveLocally(message.Targets);
                break;
            case ClusterMessageKind.Disconnect:
                sockets.DisconnectLocally(message.Close);
                break;
            case ClusterMessageKind.ServerEvent:
                _ = AnswerAsync(message, () => RaiseAsync(message, target));
                break;
        }
    }

    // Who asks waits for an answer; a fault is one, too.
    private async Task AnswerAsync(ClusterMessage question, Func<Task<ClusterMessage>> find)
    {
        ClusterMessage answer;
        try
        {
            answer = await find();
        }
        catch (Exception error)
        {
            server.LogHandlerFault(error, "cluster message", question.Namespace ?? "/");
            answer = Empty() with { IsFault = true };
        }

        try
        {
            if (question.RequestId is not null)
            {
                await node.AnswerAsync(question, answer);
            }
        }
        catch (Exception error)
        {
            server.LogHandlerFault(error, "cluster transport", question.Namespace ?? "/");
        }
    }

    private async Task<ClusterMessage> AskAsync(ClusterMessage message, BroadcastOperator sockets)
    {
        long id = sockets.Target.NextAcknowledgementId();
        Connections.Frame[] frames = PacketWriter.Event(sockets.Target.Prefix, PayloadOf(message), id, default, !message.IsUncompressed);
        BroadcastAnswers<ClusterAnswer> answers =
            await BroadcastQuestion.AskLocallyAsync<ClusterAnswer>(sockets, id, frames, AnswerReader.Raw, message.Timeout, CancellationToken.None);
        return Empty() with
        {
            Answers = [.. answers.Answers.Values],
            Missing = [.. answers.Missing],
        };
    }

    private async Task<ClusterMessage> RaiseAsync(ClusterMessage message, SocketNamespace target)
    {
        byte[]? answer = await target.RaiseServerEventAsync(message.Data, [.. message.Attachments.Select(static bytes => new ReadOnlyMemory<byte>(bytes))]);
        return answer is null ? Empty() : Empty() with { Answers = [new ClusterAnswer(string.Empty, answer, [])] };
    }

    private ClusterMessage Empty() => new() { Kind = ClusterMessageKind.Answer, NodeId = node.NodeId };

    private ClusterSocket Describe(Socket socket) => ClusterSocket.Of(socket) with { Data = DataOf(socket) };

    // A value that cannot be told, such as a connection to something, stays here; the socket is told without it.
    private Dictionary<string, JsonElement> DataOf(Socket socket)
    {
        var data = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach ((string key, object? value) in socket.Data)
        {
            try
            {
                data[key] = server.ArgumentsJson.ToElement(value);
            }
            catch (Exception error) // Types and converters of the application may throw any.
            {
                server.LogUntoldData(error, key, socket.Namespace.Name);
            }
        }

        return data;
    }

    private static Payload PayloadOf(ClusterMessage message) =>
        new(message.Data, message.Attachments.Select(static bytes => new ReadOnlyMemory<byte>(bytes)).ToArray());
}
