namespace Carillon.Connections.WebSockets;

/// <summary>Limits of a <see cref="WebSocketConnection"/>.</summary>
public sealed record WebSocketConnectionOptions
{
    /// <summary>The largest message a client may send, in bytes; at least 1. Default 1,000,000. A larger one closes with 1009.</summary>
    public int MaxMessageSize { get; init; } = 1_000_000;

    /// <summary>How long the network may take none of what is written (counted in parts of 64 KiB) before the connection is aborted; positive. Default 10 s.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a close handshake may take, flushing included, before the connection is aborted; positive. Default 2 s.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Throws an <see cref="Microsoft.Extensions.Options.OptionsValidationException"/> that names the wrong setting.</summary>
    public void Validate()
    {
        SettingCheck.Require<WebSocketConnectionOptions>(MaxMessageSize >= 1, nameof(MaxMessageSize), "at least 1");
        SettingCheck.Require<WebSocketConnectionOptions>(WriteTimeout > TimeSpan.Zero, nameof(WriteTimeout), "positive");
        SettingCheck.Require<WebSocketConnectionOptions>(CloseTimeout > TimeSpan.Zero, nameof(CloseTimeout), "positive");
    }
}
