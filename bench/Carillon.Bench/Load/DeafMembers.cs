using System.Diagnostics;
using System.Net;
using Carillon.Bench.Linux;
using Carillon.Bench.Wire;

namespace Carillon.Bench.Load;

/// <summary>
/// Members of a room that never read, each with its sockets' buffers full at both ends: whatever the server writes to one of them waits. Without that a round would be
/// over before it began: a few megabytes fit into the buffers of a connection on the loopback.
/// </summary>
internal sealed class DeafMembers : IDisposable
{
    private const string Ballast = "ballast";
    private const int PieceSize = 60_000;

    /// <summary>More than fits into any socket's buffers.</summary>
    private const int MostPieces = 500;

    private static readonly TimeSpan PiecePatience = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan FillProbe = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan CutProbe = TimeSpan.FromMilliseconds(50);

    /// <summary>The library's default write timeout, its heartbeat's precision, and some.</summary>
    private static readonly TimeSpan CutPatience = TimeSpan.FromSeconds(15);

    private readonly EventLoop _loop = new();
    private readonly EventLoop _publishing = new();
    private readonly IRoomProtocol _protocol;
    private readonly IPEndPoint _server;
    private readonly HashSet<int> _ports;
    private long _taken;
    private long _fullAt; // When they last took something.

    /// <summary>Connects them. From here on they do not read.</summary>
    /// <param name="server">Where.</param>
    /// <param name="protocol">Of all clients.</param>
    /// <param name="room">The room that the load goes to.</param>
    /// <param name="count">How many; none is possible.</param>
    public DeafMembers(IPEndPoint server, IRoomProtocol protocol, string room, int count)
    {
        _server = server;
        _protocol = protocol;
        Opening join = protocol.Join(room);
        join = join with { Steps = [.. join.Steps, protocol.Join(Ballast).Steps[^1]] };
        Crowd.Connect(_loop, count, number => protocol.Subscribe(server, join, number, static (_, _, _, _) => { }));
        _ports = [.. _loop.Links.Select(link => link.Port)];
    }

    /// <summary>Sends them pieces of ballast until nothing more arrives anywhere.</summary>
    public void Fill()
    {
        if (_ports.Count == 0)
        {
            return;
        }
        Crowd.Connect(_publishing, 1, _ => _protocol.Connect(_server));
        RoomPublisher publisher = new((WebSocketLink)_publishing.Links[0], _protocol.PublishTo(Ballast, PieceSize));
        for (int piece = 0; piece < MostPieces; piece++)
        {
            publisher.Publish(piece);
            if (!TakeOfPiece())
            {
                return;
            }
        }
        throw new LoadException("The server goes on writing to clients that never read.");
    }

    /// <summary>Waits until the server has ended the connections of all of them.</summary>
    /// <returns>How long they were kept after they had last taken something; null where there are none.</returns>
    /// <exception cref="LoadException">It does not cut them off.</exception>
    public async Task<TimeSpan?> WaitUntilCutAsync()
    {
        if (_ports.Count == 0)
        {
            return null;
        }
        int left;
        while ((left = TcpTable.Open().Count(end => end.Local == _server.Port && _ports.Contains(end.Remote))) > 0)
        {
            if (Stopwatch.GetElapsedTime(_fullAt) > CutPatience)
            {
                throw new LoadException($"{left} of {_ports.Count} clients that never read were not cut off within {CutPatience.TotalSeconds} s.");
            }
            await Task.Delay(CutProbe);
        }
        return Stopwatch.GetElapsedTime(_fullAt);
    }

    public void Dispose()
    {
        _loop.Dispose();
        _publishing.Dispose();
    }

    // Waits until a piece is with all of them, or no more of it comes. Whether any of it came.
    private bool TakeOfPiece()
    {
        long before = _taken;
        long start = Stopwatch.GetTimestamp();
        while (_taken < before + ((long)PieceSize * _ports.Count) && Stopwatch.GetElapsedTime(start) < PiecePatience)
        {
            _ = _publishing.Poll(FillProbe); // Nothing comes there: it is a clock.
            long taken = Taken();
            if (taken != _taken)
            {
                _taken = taken;
                _fullAt = Stopwatch.GetTimestamp();
            }
        }
        return _taken > before;
    }

    // Bytes of theirs that lie in the sockets' buffers of both ends. None is ever read, so that it only grows.
    private long Taken() => TcpTable.Open().Sum(end =>
        end.Local == _server.Port && _ports.Contains(end.Remote) ? end.Unsent
        : end.Remote == _server.Port && _ports.Contains(end.Local) ? end.Unread
        : 0);
}
