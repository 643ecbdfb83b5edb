using System.Collections.Concurrent;
using Carillon.SocketIO.Cluster;
using Carillon.SocketIO.Packets;

namespace Carillon.SocketIO;

public sealed partial class SocketNamespace
{
    private readonly ConcurrentDictionary<string, Func<ServerEvent, ValueTask>> _serverHandlers = new(StringComparer.Ordinal);

    /// <summary>Sets what this node does with events that other nodes send by <see cref="ServerSideEmitAsync"/>. A later call with the same name replaces it. Exceptions are logged.</summary>
    public void OnServerEvent(string eventName, Func<ServerEvent, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(eventName);
        ArgumentNullException.ThrowIfNull(handler);
        _serverHandlers[eventName] = handler;
    }

    /// <summary>Sends an event to the other nodes' servers, not to sockets; nothing where there is no other node.</summary>
    public ValueTask ServerSideEmitAsync(string eventName, params object?[]? arguments) =>
        ServerMessage(eventName, arguments ?? [null]) is { } message ? Server.Cluster!.PublishAsync(message) : ValueTask.CompletedTask;

    /// <summary>Sends an event to the other nodes' servers and collects their answers until each has answered or <paramref name="timeout"/> is over. Who did not answer is counted; so are those whose answer is no <typeparamref name="T"/>, with a line in the log.</summary>
    /// <typeparam name="T">What each answers.</typeparam>
    /// <param name="eventName">The event.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="cancellationToken">Ends the waiting with an <see cref="OperationCanceledException"/>.</param>
    public async Task<ServerAnswers<T>> ServerSideEmitWithAckAsync<T>(
        string eventName, object?[] arguments, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Json.Require<T>("answer to", eventName); // Nobody is asked in vain.
        if (ServerMessage(eventName, arguments) is not { } message)
        {
            return new ServerAnswers<T>([]);
        }

        ClusterAnswers answers = await Server.Cluster!.RequestAsync(message, timeout, cancellationToken);
        var read = new List<T>();
        int silent = answers.SilentNodes;
        foreach (ClusterAnswer answer in answers.Messages.SelectMany(static message => message.Answers))
        {
            try
            {
                read.Add(Json.Read<T>(answer.Json, [])!);
            }
            catch (Exception error) // Types and converters of the application may throw any.
            {
                Server.LogHandlerFault(error, "cluster answer", Name); // The others' answers must not be lost with it.
                silent++;
            }
        }

        return new ServerAnswers<T>(read) { SilentNodes = silent };
    }

    /// <summary>Runs this node's handler; its answer, or null if there is none.</summary>
    internal async ValueTask<byte[]?> RaiseServerEventAsync(byte[] data, ReadOnlyMemory<byte>[] attachments)
    {
        if (PacketData.FindElements(data) is not [var name, ..] elements
            || PacketData.DecodeName(data.AsSpan(name.Start, name.Length)) is not { } eventName
            || !_serverHandlers.TryGetValue(eventName, out Func<ServerEvent, ValueTask>? handler))
        {
            return null;
        }

        var received = new ServerEvent(this, data, elements, attachments);
        await handler(received);
        return received.Answer;
    }

    private ClusterMessage? ServerMessage(string eventName, object?[] arguments)
    {
        using PayloadWriter writer = PayloadWriter.BeginEvent(Json, eventName);
        writer.AddAll(arguments);
        return MessageForOthers(ClusterMessageKind.ServerEvent, writer.End());
    }
}
