using System.Diagnostics;
using System.Threading.Channels;
using Carillon.Connections;
using Carillon.Connections.Tests.WebSockets;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.Rooms;

/// <summary>A member of a room that never reads, over both kinds of WebSocket connection; its neighbours read each event before the next is sent.</summary>
public sealed class DeafMemberTests
{
    private const int Fill = 16_000; // Characters of the events that fill the sockets' buffers.
    private const int MostEvents = 5000; // More than any buffers hold.

    // Far above what a delivery takes on a busy machine, far below any deadline of the server that a neighbour could be waiting for.
    private static readonly TimeSpan LongestMedian = TimeSpan.FromMilliseconds(250);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Member_that_never_reads_is_cut_off_after_the_write_timeout_and_its_neighbours_get_everything_at_once(bool held)
    {
        var options = new SocketIOOptions
        {
            PingTimeout = TimeSpan.FromSeconds(2), // The heartbeat's precision follows the shortest interval.
            Outbox = new OutboxOptions { WriteTimeout = TimeSpan.FromSeconds(1) },
        };
        await using Room room = await Room.OpenAsync(options, held);

        while (room.Deaf.QueuedFrames < 32) // So far behind its neighbours is only one whose sockets take nothing more.
        {
            await room.TellAsync(Fill);
        }

        List<TimeSpan> latencies = [];
        for (int i = 0; i < 500; i++)
        {
            latencies.Add(await room.TellAsync(1));
            room.Deaf.QueuedFrames.ShouldBeLessThanOrEqualTo(options.Outbox.MaxFrames);
        }

        (await room.ReasonAsync()).Cause.ShouldBe(DisconnectCause.TransportClose);
        await room.TellAsync(1);
        Median(latencies).ShouldBeLessThan(LongestMedian);
        room.Server.Of("/").SocketCount.ShouldBe(Room.Neighbours);
        await room.ShouldHaveEndedAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Member_that_never_reads_is_cut_off_when_its_outbox_is_full_and_its_neighbours_get_everything_at_once(bool held)
    {
        var options = new SocketIOOptions { Outbox = new OutboxOptions { MaxFrames = 64, BurstTime = TimeSpan.Zero, WriteTimeout = TimeSpan.FromMinutes(5) } };
        await using Room room = await Room.OpenAsync(options, held);
        List<TimeSpan> latencies = [];

        while (room.Deaf.IsConnected)
        {
            latencies.Add(await room.TellAsync(Fill));
            room.Deaf.QueuedFrames.ShouldBeLessThanOrEqualTo(64);
        }

        (await room.ReasonAsync()).Cause.ShouldBe(DisconnectCause.OutboxOverflow);
        await room.TellAsync(1);
        Median(latencies[^64..]).ShouldBeLessThan(LongestMedian);
        room.Server.Of("/").SocketCount.ShouldBe(Room.Neighbours);
    }

    private static TimeSpan Median(List<TimeSpan> times) => times.Order().ElementAt(times.Count / 2);

    /// <summary>A room of some clients that read and one that does not.</summary>
    private sealed class Room(TestApplication application, JoinedClient[] neighbours, RawClient client, Socket deaf, Task<DisconnectReason> left) : IAsyncDisposable
    {
        public const int Neighbours = 3;
        private int _sent;

        public SocketIOServer Server => application.Server;

        /// <summary>The server's side of the member that never reads.</summary>
        public Socket Deaf => deaf;

        public static async Task<Room> OpenAsync(SocketIOOptions options, bool held)
        {
            Channel<Socket> joined = Channel.CreateUnbounded<Socket>();
            var left = new TaskCompletionSource<DisconnectReason>(TaskCreationOptions.RunContinuationsAsynchronously);
            TestApplication application = await TestApplication.StartAsync(
                server => server.OnConnection(socket =>
                {
                    socket.Join("room");
                    socket.OnDisconnect(reason => _ = left.TrySetResult(reason));
                    joined.Writer.TryWrite(socket);
                }),
                options,
                isHeld: held);
            JoinedClient[] neighbours = await JoinedClient.OpenManyAsync(application, Neighbours);
            for (int i = 0; i < Neighbours; i++)
            {
                await joined.Reader.ReadAsync();
            }

            RawClient client = await RawClient.ConnectAsync(
                application.Address.Port, receiveBuffer: 4096, request: RawClient.Upgrade("/socket.io/?EIO=4&transport=websocket"));
            await client.SendAsync(ClientFrames.Text("40"));
            return new Room(application, neighbours, client, await joined.Reader.ReadAsync(), left.Task);
        }

        /// <summary>Sends the next event and has all neighbours read it; how long that took.</summary>
        public async Task<TimeSpan> TellAsync(int length)
        {
            int number = _sent++;
            number.ShouldBeLessThan(MostEvents);
            long start = Stopwatch.GetTimestamp();
            await Server.To("room").EmitAsync("e", number, new string('x', length));
            foreach (JoinedClient neighbour in neighbours)
            {
                (await neighbour.ReadAsync()).ShouldStartWith($"42[\"e\",{number},\"x");
            }

            return Stopwatch.GetElapsedTime(start);
        }

        /// <summary>Why the first member left, which is the one that never reads.</summary>
        public Task<DisconnectReason> ReasonAsync() => left.WaitAsync(TimeSpan.FromSeconds(30));

        public Task ShouldHaveEndedAsync() => client.WaitForEndAsync();

        public async ValueTask DisposeAsync()
        {
            client.Dispose();
            Array.ForEach(neighbours, static neighbour => neighbour.Dispose());
            await application.DisposeAsync();
        }
    }
}
