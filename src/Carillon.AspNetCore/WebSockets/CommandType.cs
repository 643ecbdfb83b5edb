namespace Carillon.AspNetCore.WebSockets;

/// <summary>What a client asks for: the field <c>type</c>.</summary>
internal enum CommandType
{
    /// <summary><c>PING</c>.</summary>
    Ping,

    /// <summary><c>SUBSCRIBE</c>.</summary>
    Subscribe,

    /// <summary><c>UNSUBSCRIBE</c>.</summary>
    Unsubscribe,

    /// <summary><c>PUBLISH</c>.</summary>
    Publish,

    /// <summary><c>CONSUMED</c>.</summary>
    Consumed,

    /// <summary><c>AUTHENTICATE</c>.</summary>
    Authenticate,
}
