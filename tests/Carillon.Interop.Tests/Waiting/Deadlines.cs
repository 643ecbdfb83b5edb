using Carillon.Interop.Tests.Clients;

namespace Carillon.Interop.Tests.Waiting;

/// <summary>How long a test waits for something that normally takes milliseconds, on a busy machine.</summary>
internal static class Deadlines
{
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(15);

    /// <summary>Ping interval plus ping timeout (25 s + 20 s) and some: how long a client may stay unnoticed when only its heartbeat tells.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(60);

    /// <summary>The promise of a graceful stop.</summary>
    public static readonly TimeSpan GracefulStop = TimeSpan.FromSeconds(10);

    /// <summary>For the end of a client that said goodbye: python-engineio forgets to, now and then, when it polls and its writer is busy.</summary>
    public static TimeSpan Goodbye(ClientKind kind) => kind == ClientKind.PythonPolling ? Heartbeat : Usual;
}
