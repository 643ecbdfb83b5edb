using Carillon.Connections;
using Carillon.SocketIO.EngineIO;
using Carillon.SocketIO.Recovery;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Carillon.SocketIO.Settings;

/// <summary>
/// Lets the options system refuse wrong settings with the words of <see cref="EngineIOOptions.Validate"/>; one that <paramref name="section"/> holds by its key there, as
/// its author knows it.
/// </summary>
internal sealed class EngineIOOptionsValidator<TOptions>(string optionsName, IConfiguration section) : IValidateOptions<TOptions>
    where TOptions : EngineIOOptions
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        if (name != optionsName)
        {
            return ValidateOptionsResult.Skip;
        }

        try
        {
            options.Validate();
            return ValidateOptionsResult.Success;
        }
        catch (OptionsValidationException wrong)
        {
            return ValidateOptionsResult.Fail(wrong.Failures.Select(failure => ByKey(failure, wrong.OptionsType)));
        }
    }

    // SettingCheck says "Type.Setting must be …"; an application's own options may say anything.
    private string ByKey(string failure, Type type)
    {
        if (!failure.StartsWith(type.Name + ".", StringComparison.Ordinal) || !failure.Contains(' ', StringComparison.Ordinal))
        {
            return failure;
        }

        string rest = failure[(type.Name.Length + 1)..];
        int end = rest.IndexOf(' ', StringComparison.Ordinal);
        IConfigurationSection setting = (SectionOf(type) is { } within ? section.GetSection(within) : section).GetSection(rest[..end]);
        return setting.Exists() ? setting.Path + rest[end..] : failure;
    }

    private static string? SectionOf(Type type) =>
        type == typeof(EngineCookieOptions) ? nameof(EngineIOOptions.Cookie)
        : type == typeof(HttpCompressionOptions) ? nameof(EngineIOOptions.HttpCompression)
        : type == typeof(OutboxOptions) ? nameof(EngineIOOptions.Outbox)
        : type == typeof(ConnectionStateRecoveryOptions) ? nameof(SocketIOOptions.ConnectionStateRecovery)
        : null;
}
