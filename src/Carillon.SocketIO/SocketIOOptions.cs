using Carillon.Connections;
using Carillon.SocketIO.EngineIO;

namespace Carillon.SocketIO;

/// <summary>
/// Settings of one Socket.IO server, with the reference implementation's names and defaults; those of its transports are inherited.
/// They can be set in code and bound from configuration (<see cref="SocketIOServices"/>).
/// </summary>
public sealed record SocketIOOptions : EngineIOOptions
{
    /// <summary>How long a client may stay without joining a namespace before its session is closed; positive. Default 45 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>How many binary attachments one packet may announce; zero or positive. Default 10. More close the session.</summary>
    public int MaxBinaryAttachments { get; set; } = 10;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        SettingCheck.Require<SocketIOOptions>(ConnectTimeout > TimeSpan.Zero, nameof(ConnectTimeout), "positive");
        SettingCheck.Require<SocketIOOptions>(MaxBinaryAttachments >= 0, nameof(MaxBinaryAttachments), "zero or positive");
    }
}
