using Carillon.Bench.Parts;
using Carillon.Bench.Wire;
using Carillon.Bench.Wire.SignalR;
using Carillon.Bench.Wire.SocketIo;

namespace Carillon.Bench.Targets;

/// <summary>A server of rooms and the protocol of its clients.</summary>
internal sealed record RoomTarget(Contender Contender, Target Target, IRoomProtocol Protocol)
{
    /// <summary>All of them: small servers that do the same, each with the tuning its documentation gives.</summary>
    public static IReadOnlyList<RoomTarget> All(string repository) =>
    [
        new(Contender.Carillon, Target.DotNet(repository, "SocketIO.Peer", "Carillon.SocketIO"), new SocketIoRooms()),
        new(Contender.CarillonOnKestrel, Target.DotNet(repository, "SocketIO.Peer", "Carillon.SocketIO on Kestrel", "--hosting", "kestrel"), new SocketIoRooms()),
        new(Contender.SocketIo, Target.SocketIo(repository, "rooms.js"), new SocketIoRooms()),
        new(Contender.SignalR, Target.DotNet(repository, "SignalR.Peer", $"SignalR {Environment.Version}"), new SignalRRooms()),
    ];

    /// <summary>Whether a line of work is for it: what is asked of Carillon only, and what is enough to know of it on ordinary hosting.</summary>
    public bool Does(RoomWork work) => Contender switch
    {
        Contender.Carillon => true,
        Contender.CarillonOnKestrel => work.Scenario.Members == RoomWork.Reference,
        _ => work.NeverReading is null,
    };
}
