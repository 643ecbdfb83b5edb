using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Carillon.SocketIO;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Carillon.MicroBench;

/// <summary>
/// A broadcast to a room, up to the outboxes of its members, whose frames are taken at once. What it allocates must not depend on how many they are:
/// then a subscriber costs 0 bytes.
/// </summary>
[MemoryDiagnoser]
public class RoomBenchmarks
{
    private const string Room = "room";
    private WebApplication? _application;
    private RequestDelegate? _handle;
    private BroadcastOperator? _room;
    private byte[] _json = [];
    private JsonElement _element;

    /// <summary>Sockets in the room.</summary>
    [Params(1, 100, 1000)]
    public int Members { get; set; }

    /// <summary>Lets the members connect, by polling requests that no network carries.</summary>
    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _json = Samples.Payload(128);
        _element = JsonElement.Parse(_json);
        SocketNamespace? everyone = null;
        _application = WebApplication.CreateSlimBuilder().Build();
        _application.MapSocketIO("/socket.io", io => (everyone = io.Of("/")).OnConnection(OnConnection), new SocketIOOptions { PingInterval = TimeSpan.FromDays(1) });
        _handle = ((IEndpointRouteBuilder)_application).DataSources.Single().Endpoints.Single().RequestDelegate;
        for (int i = 0; i < Members; i++)
        {
            string open = await RequestAsync(HttpMethods.Get, query: "", body: "");
            string id = JsonElement.Parse(open.AsSpan(1)).GetProperty("sid").GetString()!;
            await RequestAsync(HttpMethods.Post, $"&sid={id}", "40");
        }

        _room = everyone!.To(Room);
        if (everyone.SocketCount != Members)
        {
            throw new InvalidOperationException($"{everyone.SocketCount} of {Members} members connected.");
        }
    }

    /// <summary>Lets go of them.</summary>
    [GlobalCleanup]
    public async Task CleanUpAsync() => await _application!.DisposeAsync();

    /// <summary>The payload is JSON already.</summary>
    [Benchmark]
    public ValueTask Broadcast_json() => _room!.EmitJsonAsync("message", _json);

    /// <summary>The payload is serialized.</summary>
    [Benchmark]
    public ValueTask Broadcast_a_value() => _room!.EmitAsync("message", _element);

    private static void OnConnection(Socket socket)
    {
        socket.Join(Room);
        socket.Client.Session.Outbox.Attach(new Drain(socket.Client.Session.Outbox));
    }

    private async Task<string> RequestAsync(string method, string query, string body)
    {
        using var answer = new MemoryStream();
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Request.QueryString = new QueryString($"?EIO=4&transport=polling{query}");
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        context.Request.ContentLength = body.Length;
        context.Request.ContentType = "text/plain;charset=UTF-8";
        context.Response.Body = answer;
        await _handle!(context);
        return context.Response.StatusCode == StatusCodes.Status200OK
            ? Encoding.UTF8.GetString(answer.ToArray())
            : throw new InvalidOperationException($"{method} was answered with {context.Response.StatusCode}.");
    }
}
