namespace Carillon.Bench.Targets;

/// <summary>Who is compared.</summary>
internal enum Contender
{
    Carillon,

    /// <summary>The same library on ordinary hosting, without <c>UseCarillonConnections</c>.</summary>
    CarillonOnKestrel,
    SocketIo,
    SignalR,
}
