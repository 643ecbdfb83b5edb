using Carillon.SocketIO.Tests.Backlogs;
using Carillon.SocketIO.Tests.EngineIO;
using Carillon.SocketIO.Tests.Rooms;

namespace Carillon.SocketIO.Tests.OrdinaryHosting;

/// <summary>What depends on who holds a WebSocket, once more in requests of an ordinary application.</summary>
public static class OrdinaryHostingTests
{
    public sealed class Socket : SocketTests
    {
        protected override bool IsHeld => false;
    }

    public sealed class OfficialClient : OfficialClientTests
    {
        protected override bool IsHeld => false;
    }

    public sealed class Ping : PingTests
    {
        protected override bool IsHeld => false;
    }

    public sealed class HostileWebSocket : HostileWebSocketTests
    {
        protected override bool IsHeld => false;
    }

    public sealed class Upgrade : UpgradeTests
    {
        protected override bool IsHeld => false;
    }

    public sealed class EngineSocket : EngineSocketTests
    {
        protected override bool IsHeld => false;
    }

    public sealed class Shutdown : ShutdownTests
    {
        protected override bool IsHeld => false;
    }

    public sealed class OfficialEngineClient : OfficialEngineClientTests
    {
        protected override bool IsHeld => false;
    }

    public sealed class Volatile : VolatileTests
    {
        protected override bool IsHeld => false;
    }

    public sealed class Backlog : BacklogTests
    {
        protected override bool IsHeld => false;
    }

    public sealed class UnreadAnswer : UnreadAnswerTests
    {
        protected override bool IsHeld => false;
    }

    public sealed class UnreadEcho : UnreadEchoTests
    {
        protected override bool IsHeld => false;
    }
}
