using Carillon.Connections;

namespace Carillon.SocketIO.EngineIO;

/// <summary>The packets that are the same for everyone, encoded once.</summary>
internal static class EngineFrames
{
    public static readonly Frame Close = Frame.FromText("1"u8);
    public static readonly Frame Ping = Frame.FromText("2"u8);
    public static readonly Frame ProbeAnswer = Frame.FromText("3probe"u8);
    public static readonly Frame Noop = Frame.FromText("6"u8);
}
