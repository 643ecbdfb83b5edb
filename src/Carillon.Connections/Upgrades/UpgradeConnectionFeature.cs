using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Carillon.Connections.Upgrades;

/// <summary>The connection of an upgrade request. Addresses are looked up when they are asked for.</summary>
internal sealed class UpgradeConnectionFeature(Socket socket) : IHttpConnectionFeature, IConnectionSocketFeature
{
    private static long _lastId = TimeProvider.System.GetUtcNow().Ticks;
    private IPEndPoint? _remote;
    private IPEndPoint? _local;
    private string? _id;
    private IPAddress? _remoteAddress;
    private IPAddress? _localAddress;
    private int? _remotePort;
    private int? _localPort;

    public Socket Socket => socket;

    public string ConnectionId
    {
        get => _id ??= string.Create(CultureInfo.InvariantCulture, $"U{Interlocked.Increment(ref _lastId):X}");
        set => _id = value;
    }

    public IPAddress? RemoteIpAddress
    {
        get => _remoteAddress ?? Remote?.Address;
        set => _remoteAddress = value;
    }

    public IPAddress? LocalIpAddress
    {
        get => _localAddress ?? Local?.Address;
        set => _localAddress = value;
    }

    public int RemotePort
    {
        get => _remotePort ?? Remote?.Port ?? 0;
        set => _remotePort = value;
    }

    public int LocalPort
    {
        get => _localPort ?? Local?.Port ?? 0;
        set => _localPort = value;
    }

    private IPEndPoint? Remote => _remote ??= socket.RemoteEndPoint as IPEndPoint;

    private IPEndPoint? Local => _local ??= socket.LocalEndPoint as IPEndPoint;
}
