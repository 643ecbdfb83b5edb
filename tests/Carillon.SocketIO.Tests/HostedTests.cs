using Carillon.SocketIO.EngineIO;
using Carillon.SocketIO.Tests.EngineIO;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.SocketIO.Tests;

/// <summary>
/// Tests of what depends on who holds a WebSocket. They run on connections held below HTTP; a class that derives from theirs runs them again in requests of an
/// ordinary application.
/// </summary>
public abstract class HostedTests
{
    /// <summary>Whether WebSockets are held below HTTP.</summary>
    protected virtual bool IsHeld => true;

    private protected Task<TestApplication> StartAsync(
        Action<SocketIOServer> configure,
        SocketIOOptions? options = null,
        TimeProvider? time = null,
        int port = 0,
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? pipeline = null) =>
        TestApplication.StartAsync(configure, options, time, port, services, pipeline, IsHeld);

    /// <summary>A bare Engine.IO server that sends every message back as it came.</summary>
    private protected Task<EngineApplication> StartEchoAsync(EngineIOOptions? options = null, TimeProvider? time = null, int port = 0) =>
        EngineApplication.StartEchoAsync(options, time, port, isHeld: IsHeld);

    private protected Task<EngineApplication> StartEngineAsync(
        Func<EngineSocket, ValueTask> connected, EngineIOOptions? options = null, TimeProvider? time = null, int port = 0) =>
        EngineApplication.StartAsync(connected, options, time, port, isHeld: IsHeld);
}
