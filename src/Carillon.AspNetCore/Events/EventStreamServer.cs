using System.Collections.Concurrent;
using Carillon.AspNetCore.Authentication;
using Carillon.AspNetCore.Http;
using Carillon.Connections;
using Carillon.Errors;
using Carillon.Hubs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.Events;

/// <summary>A hub's event streams. Thread-safe.</summary>
internal sealed class EventStreamServer : IDisposable
{
    private static readonly TimeSpan ShortestTick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestTick = TimeSpan.FromMilliseconds(500);

    private readonly EventDoor _door;
    private readonly ConcurrentDictionary<EventStream, byte> _streams = new(ReferenceEqualityComparer.Instance);
    private int _count;
    private volatile bool _isStopping;

    public EventStreamServer(Hub hub, EventStreamOptions options, ILogger logger)
    {
        Hub = hub;
        _door = new EventDoor(options.AllowedOrigins);
        Options = options;
        Logger = logger;
        Retry = EventFrames.Retry(options.Retry);
        TimeSpan tick = (options.HeartbeatInterval < options.Outbox.WriteTimeout ? options.HeartbeatInterval : options.Outbox.WriteTimeout) / 8;
        Heartbeat = new Heartbeat(hub.Time, tick < ShortestTick ? ShortestTick : tick > LongestTick ? LongestTick : tick, logger);
    }

    public Hub Hub { get; }

    public EventStreamOptions Options { get; }

    public ILogger Logger { get; }

    public Heartbeat Heartbeat { get; }

    public EventFormats Formats { get; } = new();

    /// <summary>The first frame of each stream.</summary>
    public Frame Retry { get; }

    /// <summary>How many streams are open.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var request = new EventRequest([], WantsKept: false);
        Error? error = _door.Check(context) ?? context.GetTokenRefusal() ?? EventRequest.Read(context.Request, Hub.Segments, Options.MaxTopics, out request);
        if (error is not null)
        {
            await HttpAnswer.SendAsync(context, error);
        }
        else if (HttpMethods.IsHead(context.Request.Method) || _isStopping)
        {
            SetHeaders(context.Response); // A client that comes while the server stops is to come back, and an EventSource never does after a refusal.
        }
        else if (Interlocked.Increment(ref _count) > Options.MaxStreams)
        {
            Interlocked.Decrement(ref _count);
            await HttpAnswer.SendAsync(context, new Error(ErrorCode.Unavailable, "The server has as many event streams as it may"));
        }
        else
        {
            await ServeAsync(context, request);
        }
    }

    /// <summary>Answers a browser that asks whether a page may send a request.</summary>
    public Task HandlePreflightAsync(HttpContext context) => _door.CheckPreflight(context) is { } error ? HttpAnswer.SendAsync(context, error) : Task.CompletedTask;

    /// <summary>Ends all streams, so that their clients come back: to another node, or after the restart.</summary>
    public void Stop()
    {
        _isStopping = true;
        foreach (EventStream stream in _streams.Keys)
        {
            stream.End();
        }
    }

    public void Dispose() => Heartbeat.Dispose();

    private async Task ServeAsync(HttpContext context, EventRequest request)
    {
        var stream = new EventStream(this, context, request);
        CancellationTokenRegistration gone = context.RequestAborted.UnsafeRegister(static stream => ((EventStream)stream!).End(), stream);
        try
        {
            _streams.TryAdd(stream, 0);
            if (await stream.SubscribeAsync(context.RequestAborted) is { } error)
            {
                await HttpAnswer.SendAsync(context, error);
                return;
            }

            if (_isStopping)
            {
                stream.End(); // It slipped in while the others were being ended.
            }

            SetHeaders(context.Response);
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            Heartbeat.Register(stream);
            await stream.WriteAsync(context.Response.BodyWriter);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone: nobody is left to answer.
        }
        finally
        {
            Heartbeat.Unregister(stream);
            _streams.TryRemove(stream, out _);
            await gone.DisposeAsync();
            await stream.CloseAsync();
            Interlocked.Decrement(ref _count);
        }
    }

    private static void SetHeaders(HttpResponse response)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no"; // nginx holds back responses without it.
    }
}
