using System.Text;
using System.Text.Unicode;
using Carillon.Connections;
using Carillon.SocketIO;
using Carillon.SocketIO.EngineIO;
using Carillon.SocketIO.Packets;
using Carillon.SocketIO.Tests;

namespace Carillon.Fuzz.Targets;

/// <summary>
/// A whole client's life, as the body of a POST: each packet goes through a real session, client and socket with handlers of every kind. Whatever comes, what is
/// sent is well formed, the neighbour stays, nothing is logged as the server's fault, and nothing of the client is left when it has gone.
/// </summary>
internal sealed class SocketIOPackets : FuzzTarget
{
    private static readonly string[] Texts =
    [
        "40", "40/a,{\"token\":\"x\"}", "42[\"echo\",1,\"two\",{\"3\":[null,true]}]", "427[\"echo\"]", "42/a,8[\"echo\",\"é😀\"]", "421[\"typed\",\"a\",2,true,[1.5]]", "421[\"typed\",{}]",
        "451-9[\"binary\",{\"_placeholder\":true,\"num\":0}]\x1e" + "bAQID", "452-[\"echo\",{\"_placeholder\":true,\"num\":1},[{\"num\":0,\"_placeholder\":true}]]\x1e" + "bAQ==\x1e" + "b",
        "421[\"object\",{\"name\":\"n\",\"content\":\"AQ==\",\"more\":{\"more\":null}}]", "42[\"ask\"]\x1e" + "431[5]", "42[\"ask\"]\x1e" + "461-2[{\"_placeholder\":true,\"num\":0}]\x1e" + "bAQ==",
        "421[\"fail\"]", "42[\"join\",\"room\"]\x1e" + "42[\"leave\",\"room\"]", "41", "41/a,", "42[\"out\"]\x1e" + "40", "42[\"unknown\"]", "42[12,\"number\"]", "40/family-1\x1e" + "42/family-1,[\"echo\",1]",
        "421[\"e\\u0063ho\",\"escaped\"]", "421[\"later\"]", "3", "6", "40/unknown", "421[\"json\",{\"a\":[{\"b\":1e400}]}]",
    ];

    private readonly FaultLog _log = new();
    private readonly SocketIOServer _server;
    private readonly SocketNamespaceFamily _family;
    private readonly DetachedClient _neighbour;

    public SocketIOPackets()
    {
        _server = DetachedClient.CreateServer(logger: _log);
        _server.OnConnection(SetUp);
        _server.Of("/a").Use(static (socket, _) => ValueTask.FromResult(Check(socket.Handshake)));
        _server.Of("/a").OnConnection(SetUp);
        _family = _server.Of(static (name, _, _) => ValueTask.FromResult(name.StartsWith("/family", StringComparison.Ordinal)));
        _family.OnConnection(SetUp);
        _neighbour = new DetachedClient(_server);
        Complete(_neighbour.ReceiveAsync("40"));
        _neighbour.Take();
    }

    public override string Name => "packets";

    public override IReadOnlyList<byte[]> Corpus { get; } =
        [.. Texts.Select(Encoding.UTF8.GetBytes), .. Texts.Select(static text => Encoding.UTF8.GetBytes("40\x1e" + "40/a\x1e" + text))];

    public override void Execute(byte[] input)
    {
        var client = new DetachedClient(_server);
        ReadOnlyMemory<byte> payload = input;
        while (client.Session.IsOpen && PollingPayload.TryTake(ref payload, out ReadOnlyMemory<byte> packet))
        {
            if (packet.Span is [(byte)'b', ..])
            {
                var decoded = new byte[packet.Length];
                if (PollingPayload.TryDecodeBinary(packet.Span, decoded, out int length))
                {
                    Complete(client.Session.OnWebSocketMessageAsync(decoded.AsMemory(0, length), isBinary: true));
                }
            }
            else if (Utf8.IsValid(packet.Span))
            {
                Complete(client.Session.OnWebSocketMessageAsync(packet, isBinary: false));
            }
        }

        CheckSent(client.Take());
        client.Session.Close(new DisconnectReason(DisconnectCause.TransportClose));
        CheckNothingIsLeft();
    }

    private static ConnectRefusal? Check(SocketHandshake handshake)
    {
        try
        {
            return handshake.GetAuth<Token>()?.Text == "no" ? new ConnectRefusal("no", new byte[] { 1 }) : null;
        }
        catch (SocketArgumentException)
        {
            return new ConnectRefusal("what?");
        }
    }

    private static void SetUp(Socket socket)
    {
        socket.On("echo", static received =>
        {
            received.Acknowledge("done");
            return received.Socket.EmitJsonAsync("echo", received.ArgumentsJson.Span, [.. received.Attachments]);
        });
        socket.On("typed", static (string a, int b, bool? c, decimal[]? d) => new { a, b, c, d });
        socket.On("binary", static (byte[] a, ReadOnlyMemory<byte>? b) => new { a, b });
        socket.On("object", static (Document document) => document);
        socket.On("json", static (System.Text.Json.JsonElement any) => $"{any.ValueKind}"); // Text that is no UTF-16 can be read but not written.
        socket.On("ask", static received =>
        {
            _ = AskAsync(received.Socket);
            return ValueTask.CompletedTask;
        });
        socket.On("fail", static () => throw new SocketArgumentException("as it should"));
        socket.On("later", static async () => await Task.FromResult(1));
        socket.On("join", (string? room) => socket.Join(room ?? "none"));
        socket.On("leave", (string? room) => socket.Leave(room ?? "none"));
        socket.On("out", () => socket.Disconnect());
        socket.On("12", static (string text) => text);
    }

    private static async Task AskAsync(Socket socket)
    {
        try
        {
            await socket.EmitWithAckAsync<byte[]>("question", [new byte[] { 1 }], Timeout.InfiniteTimeSpan);
        }
        catch (Exception error) when (error is SocketDisconnectedException or SocketAnswerException)
        {
            // The client left, or answered something else.
        }
    }

    private static void Complete(ValueTask received)
    {
        Task task = received.AsTask();
        Require(task.IsCompleted, "the client is not read from any more");
        Require(task.IsCompletedSuccessfully, $"{task.Exception}");
    }

    private static void CheckSent(Frame[] frames)
    {
        int attachments = 0;
        foreach (Frame frame in frames)
        {
            if (frame.IsBinary)
            {
                Require(--attachments >= 0, "binary data was sent that no packet announced");
                continue;
            }

            ReadOnlySpan<byte> packet = frame.Payload.Span;
            Require(attachments == 0, "text was sent where an attachment was announced");
            Require(Utf8.IsValid(packet) && packet is [(byte)'4', ..] && PacketHeader.TryRead(packet[1..], out _), $"malformed: {Encoding.UTF8.GetString(packet)}");
            PacketHeader.TryRead(packet[1..], out PacketHeader header);
            ReadOnlySpan<byte> data = packet[(1 + header.DataStart)..];
            bool isRight = header.Type switch
            {
                PacketType.Connect or PacketType.ConnectError => PacketData.IsObject(data),
                PacketType.Disconnect => data.IsEmpty,
                PacketType.Event or PacketType.BinaryEvent => PacketData.FindElements(data) is [var name, ..] && PacketData.IsEventName(data.Slice(name.Start, name.Length)),
                _ => header.Id != PacketHeader.NoId && PacketData.FindElements(data) is not null,
            };
            Require(isRight, $"malformed: {Encoding.UTF8.GetString(packet)}");
            attachments = header.Attachments;
        }

        Require(attachments == 0, "announced attachments were not sent");
    }

    private void CheckNothingIsLeft()
    {
        Require(_log.Fault is null, $"logged: {_log.Fault}");
        Require(_neighbour.Session.IsOpen, "the neighbour was closed");
        Require(_neighbour.Session.Outbox.Count == 0, "the neighbour was sent something");
        Require(_server.Of("/").SocketCount == 1 && _server.Of("/a").SocketCount == 0 && !_family.Namespaces.Any(), "a socket was left behind");
        Require(!_server.Of("/").Rooms.Any() && !_server.Of("/a").Rooms.Any(), "a room was left behind");
    }

    private sealed record Token(string? Text);

    private sealed record Document(string? Name, byte[]? Content);
}
