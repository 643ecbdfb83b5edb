namespace Carillon.Bench.Targets;

/// <summary>Who is compared.</summary>
internal enum Contender
{
    Carillon,
    SocketIo,
    SignalR,
}
