using Carillon.SocketIO.Recovery;
using Microsoft.Extensions.Configuration;

namespace Carillon.SocketIO.Settings;

/// <summary>Fills <see cref="SocketIOOptions"/> from configuration; what the configuration does not say stays as it is.</summary>
internal static class SocketIOSettings
{
    /// <summary>Reads <paramref name="configuration"/> into <paramref name="options"/>; returns what is wrong with it, each with the setting's path.</summary>
    public static IReadOnlyList<string> Read(IConfiguration configuration, SocketIOOptions options)
    {
        var problems = new List<string>();
        var section = new SettingsSection(configuration, problems);
        EngineIOSettings.Read(section, options);
        options.ConnectTimeout = section.Time(nameof(options.ConnectTimeout), options.ConnectTimeout);
        options.MaxBinaryAttachments = section.Number(nameof(options.MaxBinaryAttachments), options.MaxBinaryAttachments);
        options.AttachmentTimeout = section.Time(nameof(options.AttachmentTimeout), options.AttachmentTimeout);
        if (section.Within(nameof(options.ConnectionStateRecovery)) is { } recovery)
        {
            ReadRecovery(recovery, options.ConnectionStateRecovery ??= new ConnectionStateRecoveryOptions());
        }

        section.RefuseOthers();
        return problems;
    }

    private static void ReadRecovery(SettingsSection section, ConnectionStateRecoveryOptions recovery)
    {
        recovery.MaxDisconnectionDuration = section.Time(nameof(recovery.MaxDisconnectionDuration), recovery.MaxDisconnectionDuration);
        recovery.SkipMiddlewares = section.Switch(nameof(recovery.SkipMiddlewares), recovery.SkipMiddlewares);
        recovery.MaxSessions = section.Number(nameof(recovery.MaxSessions), recovery.MaxSessions);
        recovery.MaxEvents = section.Number(nameof(recovery.MaxEvents), recovery.MaxEvents);
        recovery.MaxBytes = section.Number(nameof(recovery.MaxBytes), recovery.MaxBytes);
        section.RefuseOthers();
    }
}
