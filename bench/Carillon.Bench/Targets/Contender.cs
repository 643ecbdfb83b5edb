namespace Carillon.Bench.Targets;

/// <summary>Who is compared.</summary>
internal enum Contender
{
    Carillon,

    /// <summary>The same library on ordinary hosting, without <c>UseCarillonConnections</c>.</summary>
    CarillonOnKestrel,
    SocketIo,
    SignalR,

    /// <summary>The whole program, its subscribers over Socket.IO in room style.</summary>
    RoomStyle,

    /// <summary>The whole program, its subscribers over Socket.IO in consumer style.</summary>
    ConsumerStyle,

    /// <summary>The whole program, its subscribers over WebSocket JSON.</summary>
    WebSocketJson,

    /// <summary>The whole program, its subscribers over WebSocket JSON with several messages in a frame.</summary>
    PackedWebSocketJson,

    /// <summary>The whole program, its subscribers over server-sent events.</summary>
    Events,
}
