using System.Text.Json;
using Carillon.Access;
using Carillon.AspNetCore.Commands;
using Carillon.AspNetCore.Http;
using Carillon.Connections;
using Carillon.Consumers;
using Carillon.Deliveries;
using Carillon.Errors;
using Carillon.Hubs;
using Carillon.Monitoring;
using Carillon.SocketIO;

namespace Carillon.AspNetCore.Dialects;

/// <summary>
/// The namespace <c>/monitor</c>: sockets in it get what happens in the hub as events. It watches the hub only while somebody is there,
/// and encodes each event once for all of them.
/// </summary>
internal sealed class MonitorNamespace(Hub hub, SocketIdentities identities) : IHubObserver
{
    public const string Name = "/monitor";

    private readonly Lock _gate = new(); // guards joining and leaving; readers take the array
    private Socket[] _monitors = [];

    // None from the moment on when nobody may monitor any more, although they leave a little later.
    private Socket[] Monitors => hub.MayBeMonitored ? Volatile.Read(ref _monitors) : [];

    public void Attach(SocketNamespace monitor)
    {
        monitor.Use(identities.CheckAsync);
        monitor.Use(async (socket, cancellationToken) =>
            await MonitoringGuard.CheckAsync(hub, SocketIdentities.Of(socket), cancellationToken) is { } error ? SocketIdentities.Refusal(error) : null);
        monitor.OnConnection(socket =>
        {
            Join(socket);
            socket.OnDisconnect(_ =>
            {
                Leave(socket);
                return ValueTask.CompletedTask;
            });
            return ValueTask.CompletedTask;
        });
    }

    /// <summary>Makes those leave whose token has expired or was revoked, unless they may monitor without it; all when nobody may monitor any more.</summary>
    public ValueTask DropExpiredAsync()
    {
        DateTimeOffset now = hub.Time.GetUtcNow();
        List<Task>? checks = null;
        foreach (Socket socket in Volatile.Read(ref _monitors))
        {
            Requester requester = SocketIdentities.Of(socket);
            if (!hub.MayBeMonitored || !requester.IsValidAt(now))
            {
                (checks ??= []).Add(RecheckAsync(socket, requester.WithoutUser()));
            }
        }

        return checks is null ? ValueTask.CompletedTask : new ValueTask(Task.WhenAll(checks));
    }

    // While that is being decided it sees nothing, and is not found again.
    private async Task RecheckAsync(Socket socket, Requester requester)
    {
        ValueTask<Error?> check = MonitoringGuard.CheckAsync(hub, requester, CancellationToken.None);
        bool hasToWait = !check.IsCompleted;
        if (hasToWait)
        {
            Leave(socket);
        }

        if (await check is { } error)
        {
            socket.Disconnect(error.Message);
        }
        else if (hasToWait)
        {
            Join(socket);
        }
    }

    public void OnMessages(Delivery delivery)
    {
        ReadOnlySpan<Frame> frames = delivery.FramesFor(SocketIOWireFormat.Monitor);
        foreach (Socket monitor in Monitors)
        {
            monitor.TrySend(frames);
        }
    }

    public void OnSubscribed(SubscriptionRecord subscription) => Send("new_client", Rows.Subscription, subscription);

    public void OnUnsubscribed(SubscriptionRecord subscription) => Send("client_disconnected", Rows.Subscription, subscription);

    public void OnConsumed(Consumption consumption) => Send("new_consumption", Rows.Consumption, consumption);

    /// <summary>Passes a client's <c>consumed</c> on as it was sent.</summary>
    public void OnConsumedEvent(ReadOnlySpan<byte> argument)
    {
        Socket[] monitors = Monitors;
        if (monitors.Length > 0)
        {
            Send(monitors, SocketIOFrame.Event(Name, "consumed", argument));
        }
    }

    private static void Send(Socket[] monitors, Frame frame)
    {
        foreach (Socket monitor in monitors)
        {
            monitor.TrySend(frame);
        }
    }

    private void Send<T>(string eventName, Action<Utf8JsonWriter, T> write, T value)
    {
        JsonBuffer buffer = JsonBuffer.Start(out Utf8JsonWriter json);
        write(json, value);
        Send(Monitors, SocketIOFrame.Event(Name, eventName, buffer.Written));
    }

    private void Join(Socket socket)
    {
        lock (_gate)
        {
            if (!socket.IsConnected)
            {
                return; // It has gone meanwhile, or is about to leave.
            }

            Volatile.Write(ref _monitors, [.. _monitors, socket]);
            if (_monitors.Length == 1)
            {
                hub.AddObserver(this);
            }
        }
    }

    private void Leave(Socket socket)
    {
        lock (_gate)
        {
            Volatile.Write(ref _monitors, Array.FindAll(_monitors, other => !ReferenceEquals(other, socket)));
            if (_monitors.Length == 0)
            {
                hub.RemoveObserver(this);
            }
        }
    }
}
