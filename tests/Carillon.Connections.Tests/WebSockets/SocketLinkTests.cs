using System.Net;
using System.Net.Sockets;
using Carillon.Connections.Upgrades;
using Carillon.Connections.WebSockets;
using Shouldly;
using Xunit;

namespace Carillon.Connections.Tests.WebSockets;

/// <summary>What goes out together is one write, and a large frame is sent from where it lies: it is shared by all its readers.</summary>
public sealed class SocketLinkTests : IDisposable
{
    private const int Large = 1024 * 1024;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public void Dispose()
    {
        _listener.Dispose();
        _client.Dispose();
    }

    [Fact]
    public async Task Large_frame_behind_small_ones_is_sent_from_where_it_lies_and_in_its_place()
    {
        SocketLink link = await ConnectAsync();
        byte[] large = Filled(Large, 0);
        link.Append(Filled(10, 1));
        link.Append(Filled(20, 2));
        link.Append(large);
        large.AsSpan().Fill(3); // Seen only if nobody copied it.

        Task<byte[]> reading = ReadAsync(30 + Large);
        (await link.FlushAsync()).ShouldBeTrue();

        (await reading).ShouldBe([.. Filled(10, 1), .. Filled(20, 2), .. Filled(Large, 3)]);
        await ShouldBeReusableAsync(link);
    }

    [Fact]
    public async Task Frames_behind_a_large_one_come_after_it()
    {
        SocketLink link = await ConnectAsync();
        byte[][] frames = [Filled(10, 1), Filled(Large, 2), Filled(20, 3), Filled(Large, 4), Filled(30, 5)];
        foreach (byte[] frame in frames)
        {
            link.Append(frame);
        }

        Task<byte[]> reading = ReadAsync(frames.Sum(static frame => frame.Length));
        (await link.FlushAsync()).ShouldBeTrue();

        (await reading).ShouldBe(frames.SelectMany(static frame => frame));
        await ShouldBeReusableAsync(link);
    }

    [Fact]
    public async Task Large_frame_that_its_peer_closes_before_is_not_sent()
    {
        SocketLink link = await ConnectAsync();
        link.Append(Filled(10, 1));
        link.Append(Filled(8 * Large, 2));
        ValueTask<bool> flush = link.FlushAsync();
        _client.Close(0);

        bool isSent = true;
        try
        {
            isSent = await flush;
        }
        catch (SocketException)
        {
            isSent = false;
        }

        isSent.ShouldBeFalse();
    }

    private async Task ShouldBeReusableAsync(SocketLink link)
    {
        link.Append(Filled(40, 6));
        (await link.FlushAsync()).ShouldBeTrue();
        (await ReadAsync(40)).ShouldBe(Filled(40, 6));
    }

    private async Task<SocketLink> ConnectAsync()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        await _client.ConnectAsync(_listener.LocalEndPoint!);
        return new SocketLink(await _listener.AcceptAsync(), [], new HeldConnections());
    }

    private async Task<byte[]> ReadAsync(int length)
    {
        byte[] read = new byte[length];
        for (int count = 0; count < length;)
        {
            int more = await _client.ReceiveAsync(read.AsMemory(count), SocketFlags.None).AsTask().WaitAsync(Longest);
            more.ShouldBePositive();
            count += more;
        }

        return read;
    }

    private static byte[] Filled(int length, byte value)
    {
        byte[] bytes = new byte[length];
        bytes.AsSpan().Fill(value);
        return bytes;
    }
}
