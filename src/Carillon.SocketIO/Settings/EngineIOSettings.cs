using Carillon.Connections;
using Carillon.SocketIO.EngineIO;
using Microsoft.Extensions.Configuration;

namespace Carillon.SocketIO.Settings;

/// <summary>Fills <see cref="EngineIOOptions"/> from configuration; what the configuration does not say stays as it is.</summary>
internal static class EngineIOSettings
{
    /// <summary>Reads <paramref name="configuration"/> into <paramref name="options"/>; returns what is wrong with it, each with the setting's path.</summary>
    public static IReadOnlyList<string> Read(IConfiguration configuration, EngineIOOptions options)
    {
        var problems = new List<string>();
        var section = new SettingsSection(configuration, problems);
        Read(section, options);
        section.RefuseOthers();
        return problems;
    }

    /// <summary>Reads the settings that every server has; the section may hold others.</summary>
    public static void Read(SettingsSection section, EngineIOOptions options)
    {
        options.PingInterval = section.Time(nameof(options.PingInterval), options.PingInterval);
        options.PingTimeout = section.Time(nameof(options.PingTimeout), options.PingTimeout);
        options.UpgradeTimeout = section.Time(nameof(options.UpgradeTimeout), options.UpgradeTimeout);
        options.PauseTimeout = section.Time(nameof(options.PauseTimeout), options.PauseTimeout);
        options.MaxHttpBufferSize = section.Number(nameof(options.MaxHttpBufferSize), options.MaxHttpBufferSize);
        options.Transports = section.Choice(nameof(options.Transports), options.Transports);
        options.AllowUpgrades = section.Switch(nameof(options.AllowUpgrades), options.AllowUpgrades);
        options.AllowedOrigins = section.Texts(nameof(options.AllowedOrigins), options.AllowedOrigins);
        options.CloseWhenApplicationStops = section.Switch(nameof(options.CloseWhenApplicationStops), options.CloseWhenApplicationStops);
        if (section.Within(nameof(options.Cookie)) is { } cookie)
        {
            ReadCookie(cookie, options.Cookie ??= new EngineCookieOptions());
        }

        if (section.Within(nameof(options.HttpCompression)) is { } compression)
        {
            ReadCompression(compression, options.HttpCompression ??= new HttpCompressionOptions());
        }

        if (section.Within(nameof(options.Outbox)) is { } outbox)
        {
            ReadOutbox(outbox, options.Outbox);
        }
    }

    private static void ReadCookie(SettingsSection section, EngineCookieOptions cookie)
    {
        cookie.Name = section.Text(nameof(cookie.Name), cookie.Name)!;
        cookie.Path = section.Text(nameof(cookie.Path), cookie.Path)!;
        cookie.Domain = section.Text(nameof(cookie.Domain), cookie.Domain);
        cookie.HttpOnly = section.Switch(nameof(cookie.HttpOnly), cookie.HttpOnly);
        cookie.SameSite = section.Choice(nameof(cookie.SameSite), cookie.SameSite);
        cookie.Secure = section.Switch(nameof(cookie.Secure), cookie.Secure);
        cookie.MaxAge = section.OptionalTime(nameof(cookie.MaxAge), cookie.MaxAge);
        section.RefuseOthers();
    }

    private static void ReadCompression(SettingsSection section, HttpCompressionOptions compression)
    {
        compression.Threshold = section.Number(nameof(compression.Threshold), compression.Threshold);
        compression.Level = section.Choice(nameof(compression.Level), compression.Level);
        section.RefuseOthers();
    }

    private static void ReadOutbox(SettingsSection section, OutboxOptions outbox)
    {
        outbox.MaxFrames = section.Number(nameof(outbox.MaxFrames), outbox.MaxFrames);
        outbox.MaxBytes = section.Number(nameof(outbox.MaxBytes), outbox.MaxBytes);
        outbox.BurstTime = section.Time(nameof(outbox.BurstTime), outbox.BurstTime);
        outbox.WriteTimeout = section.Time(nameof(outbox.WriteTimeout), outbox.WriteTimeout);
        section.RefuseOthers();
    }
}
