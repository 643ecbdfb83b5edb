using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Carillon.Access;
using Carillon.AspNetCore.Commands;
using Carillon.Connections;
using Carillon.Consumers;
using Carillon.Errors;
using Carillon.Hubs;
using Carillon.Messages;
using Carillon.Resuming;
using Carillon.Sessions;
using Carillon.SocketIO;
using Carillon.Topics;
using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.Dialects;

/// <summary>One socket in the namespace <c>/</c>: turns its events into the hub's commands and acknowledges their outcome.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The semaphore is never waited on by handle, so it holds nothing to dispose of.")]
internal sealed partial class TopicClient : ISessionOwner
{
    private readonly Hub _hub;
    private readonly Socket _socket;
    private readonly MonitorNamespace _monitor;
    private readonly SocketIdentities _identities;
    private readonly ILogger _logger;
    private readonly Session _session;
    private readonly SocketSubscriber _room;
    private readonly SocketSubscriber _consumer;

    public TopicClient(Hub hub, Socket socket, MonitorNamespace monitor, SocketIdentities identities, ILogger logger)
    {
        _hub = hub;
        _socket = socket;
        _monitor = monitor;
        _identities = identities;
        _logger = logger;
        _session = hub.OpenSession(socket.Id, SocketIdentities.Of(socket), owner: this);
        _room = new SocketSubscriber(socket, SocketIOWireFormat.Room, confirmation: null);
        _consumer = new SocketSubscriber(socket, SocketIOWireFormat.Consumer, Confirmation);
    }

    /// <summary>Null: in Socket.IO the server pings and the client answers.</summary>
    long? ISessionOwner.LastPing => null;

    void ISessionOwner.OnRuleBroken(Error reason)
    {
        JsonBuffer buffer = JsonBuffer.Start(out Utf8JsonWriter json);
        Answer.Broken(json, reason);
        _socket.TrySend(SocketIOFrame.Event("/", "rule_broken", buffer.Written));
        LogBroken(_socket.Id, reason.Message);
        _socket.Disconnect(close: true);
    }

    public void Listen()
    {
        On("subscribe", SubscribeAsync);
        On("unsubscribe", UnsubscribeAsync);
        On("publish", PublishAsync);
        On("consumed", ConsumedAsync);
        On("authenticate", AuthenticateAsync);
        _socket.OnDisconnect(_ => CloseAsync());
    }

    // What is stored of a payload is its JSON, which would hold the places of attachments and not what they were.
    private void On(string name, Func<SocketEvent, ValueTask> handler) => _socket.On(name, received =>
    {
        if (received.Attachments.Count == 0)
        {
            return handler(received);
        }

        Refuse(received, new Error(ErrorCode.InvalidField, "The argument must be JSON: binary attachments are not stored"));
        return ValueTask.CompletedTask;
    });

    private async ValueTask CloseAsync()
    {
        await _session.CloseAsync();
        LogClosed(_socket.Id);
    }

    private async ValueTask SubscribeAsync(SocketEvent received)
    {
        if (!SubscribeCommand.TryRead(Argument(received), out SubscribeCommand? command, out Error? error))
        {
            Refuse(received, error);
            return;
        }

        (Requester? own, error) = await IdentifyAsync(command.Authorization);
        if (error is not null)
        {
            Refuse(received, error);
            return;
        }

        SocketSubscriber subscriber = command.Consumer is null ? _room : _consumer;
        var request = new SubscribeRequest
        {
            Topics = command.Topics,
            Consumer = command.Consumer,
            Requester = own,
            Subscriber = subscriber,
            Confirm = result => AnswerTopics(received, command.Topics, result.Starts),
        };
        if ((await _session.SubscribeAsync(request, CancellationToken.None)).Error is { } refused)
        {
            Refuse(received, refused);
        }
    }

    private async ValueTask UnsubscribeAsync(SocketEvent received)
    {
        if (!SubscribeCommand.TryReadUnsubscribe(Argument(received), out SubscribeCommand? command, out Error? error))
        {
            Refuse(received, error);
            return;
        }

        TopicName[] topics = [.. command.Topics.Select(wanted => wanted.Topic)];
        if (await _session.UnsubscribeAsync(topics, CancellationToken.None) is { } refused)
        {
            Refuse(received, refused);
            return;
        }

        AnswerTopics(received, command.Topics);
    }

    private async ValueTask ConsumedAsync(SocketEvent received)
    {
        if (!ConsumedCommand.TryRead(Argument(received), _hub.Options.MaxPayloadBytes, UnixTime.Now(_hub.Time), out Consumption? consumption, out Error? error))
        {
            Refuse(received, error);
            return;
        }

        _monitor.OnConsumedEvent(Argument(received));
        ConsumptionResult result = await _session.ConsumedAsync(consumption, CancellationToken.None);
        if (result.Error is { } refused)
        {
            Refuse(received, refused);
            return;
        }

        JsonBuffer answer = JsonBuffer.Start(out Utf8JsonWriter json);
        Answer.Consumed(json, result);
        received.AcknowledgeJson(answer.Written);
    }

    private static ReadOnlySpan<byte> Argument(SocketEvent received) =>
        received.TryGetJson(0, out ReadOnlyMemory<byte> json) ? json.Span : "null"u8;

    private Frame Confirmation(TopicName topic)
    {
        JsonBuffer buffer = JsonBuffer.Start(out Utf8JsonWriter json);
        json.WriteStartObject();
        json.WriteString("topic"u8, topic.Value);
        json.WriteString("message_id"u8, $"sub_conf_{UnixTime.Now(_hub.Time).Milliseconds / 1000}");
        json.WriteString("message"u8, $"Subscribed to {topic}");
        json.WriteString("producer"u8, "server"u8);
        json.WriteEndObject();
        return SocketIOFrame.Event("/", "message", buffer.Written);
    }

    private static void AnswerTopics(SocketEvent received, IReadOnlyList<WantedTopic> topics, IReadOnlyDictionary<TopicName, Start>? starts = null)
    {
        JsonBuffer answer = JsonBuffer.Start(out Utf8JsonWriter json);
        Answer.Topics(json, topics, starts);
        received.AcknowledgeJson(answer.Written);
    }

    private void Refuse(SocketEvent received, Error error)
    {
        JsonBuffer answer = JsonBuffer.Start(out Utf8JsonWriter json);
        Answer.Failed(json, error);
        received.AcknowledgeJson(answer.Written);
        LogRefused(received.Name, _socket.Id, error.Code);
    }

    [LoggerMessage(1, LogLevel.Debug, "Event {Event} of socket {Socket} refused: {Code}")]
    private partial void LogRefused(string @event, string socket, ErrorCode code);

    [LoggerMessage(4, LogLevel.Information, "Socket {Socket} is disconnected: {Reason}")]
    private partial void LogBroken(string socket, string reason);

    [LoggerMessage(3, LogLevel.Debug, "Socket {Socket} left")]
    private partial void LogClosed(string socket);
}
