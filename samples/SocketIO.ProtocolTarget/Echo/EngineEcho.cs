using Carillon.SocketIO.EngineIO;

namespace SocketIO.ProtocolTarget.Echo;

/// <summary><c>/engine.io/</c>: bare Engine.IO that sends every message back as it came.</summary>
internal static class EngineEcho
{
    public static void Configure(EngineIOServer engine) => engine.OnConnection(static (EngineSocket socket) => socket.OnMessage(message =>
    {
        _ = message.IsBinary ? socket.SendBinary(message.Data.Span) : socket.SendText(message.Data.Span);
    }));
}
