namespace Carillon.Bench;

/// <summary>How the messages of the fan-out are published.</summary>
internal enum Ingress
{
    /// <summary><c>POST /publish</c>.</summary>
    Http,

    /// <summary>The Socket.IO event <c>publish</c>.</summary>
    SocketIo,
}
