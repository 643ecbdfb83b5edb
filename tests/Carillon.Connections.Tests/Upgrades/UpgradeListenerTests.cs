using System.Net;
using System.Net.Sockets;
using Carillon.Connections.Tests.WebSockets;
using Carillon.Connections.Upgrades;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Carillon.Connections.Tests.Upgrades;

/// <summary>Faults around the accept loop: told, and no one's end but that connection's.</summary>
public sealed class UpgradeListenerTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private readonly RecordedLog _log = new();

    [Fact]
    public async Task Accept_that_fails_is_told_and_the_next_connection_is_accepted()
    {
        Socket socket = Bind();
        await using UpgradeListener listener = Listen(socket, new KestrelServerOptions(), out _); // It cannot accept: the socket does not listen yet.
        await Eventually.ShouldAsync(() => !_log.Entries.IsEmpty);

        socket.Listen();

        using RawClient client = await RawClient.OpenAsync(PortOf(listener));
        await using ConnectionContext accepted = (await listener.AcceptAsync().AsTask().WaitAsync(Longest)).ShouldNotBeNull();
        _log.Entries.ShouldHaveSingleItem().ShouldStartWith("No connection can be accepted (0 more");
    }

    [Fact]
    public async Task Listener_that_pauses_after_a_fault_ends_at_once()
    {
        UpgradeListener listener = Listen(Bind(), new KestrelServerOptions(), out _);
        await Eventually.ShouldAsync(() => !_log.Entries.IsEmpty);

        await listener.DisposeAsync().AsTask().WaitAsync(Longest);

        (await listener.AcceptAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Faults_of_accepting_are_told_once_in_a_while_with_their_number()
    {
        var time = new ManualTime();
        var faults = new AcceptFaults(_log, time);
        for (int i = 0; i < 4; i++)
        {
            Task pause = faults.OnFaultAsync(new SocketException((int)SocketError.TooManyOpenSockets), CancellationToken.None);
            pause.IsCompleted.ShouldBeFalse();
            time.Advance(TimeSpan.FromMilliseconds(50));
            await pause.WaitAsync(Longest);
        }

        _log.Entries.Count.ShouldBe(1);
        time.Advance(TimeSpan.FromSeconds(10));
        await faults.OnFaultAsync(new SocketException((int)SocketError.NoBufferSpaceAvailable), new CancellationToken(canceled: true));

        _log.Entries.Count.ShouldBe(2);
        _log.Entries.Last().ShouldStartWith("No connection can be accepted (3 more");
    }

    [Fact]
    public async Task Connection_whose_head_cannot_be_decided_about_is_closed_and_told_and_the_next_is_served()
    {
        Socket socket = Bind();
        socket.Listen();
        await using UpgradeListener listener = Listen(socket, null!, out UpgradeGate gate); // Without options its limits cannot be read.
        using RawClient client = await RawClient.OpenAsync(PortOf(listener));
        await using ConnectionContext accepted = (await listener.AcceptAsync().AsTask().WaitAsync(Longest)).ShouldNotBeNull();
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        server.Listen();
        using RawClient unlucky = await RawClient.OpenAsync(((IPEndPoint)server.LocalEndPoint!).Port);
        Socket pending = await server.AcceptAsync();

        new PendingConnection(pending, listener, gate, new NoApplication()).Start(CancellationToken.None);
        await unlucky.SendAsync("GET /ws HTTP/1.1\r\n\r\n"u8.ToArray());

        await unlucky.WaitForEndAsync();
        _log.Entries.ShouldHaveSingleItem().ShouldStartWith("A connection failed before its first request was answered");
        using RawClient next = await RawClient.OpenAsync(PortOf(listener));
        await using ConnectionContext served = (await listener.AcceptAsync().AsTask().WaitAsync(Longest)).ShouldNotBeNull();
    }

    private static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static int PortOf(UpgradeListener listener) => ((IPEndPoint)listener.EndPoint).Port;

    private UpgradeListener Listen(Socket socket, KestrelServerOptions options, out UpgradeGate gate)
    {
        gate = new UpgradeGate(new ServiceCollection().BuildServiceProvider(), Options.Create(options), _log);
        var connections = new SocketConnectionContextFactory(new SocketConnectionFactoryOptions(), NullLogger.Instance);
        return new UpgradeListener(socket, noDelay: true, connections, gate);
    }

    private sealed class NoApplication : IUpgradeApplication
    {
        public Task RunAsync(UpgradeExchange exchange) => throw new NotSupportedException();
    }
}
