using Microsoft.Extensions.Options;

namespace Carillon.Connections;

/// <summary>Refuses wrong settings by name.</summary>
public static class SettingCheck
{
    /// <summary>
    /// Throws an <see cref="OptionsValidationException"/> that says which <paramref name="setting"/> of <typeparamref name="TOptions"/> must be what
    /// (<paramref name="rule"/>), unless it <paramref name="holds"/>.
    /// </summary>
    public static void Require<TOptions>(bool holds, string setting, string rule) => Require(typeof(TOptions), holds, setting, rule);

    /// <summary>The same for settings whose type is known at run time: <c>Type.Setting must be rule.</c></summary>
    public static void Require(Type options, bool holds, string setting, string rule)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!holds)
        {
            throw new OptionsValidationException(options.Name, options, [$"{options.Name}.{setting} must be {rule}."]);
        }
    }
}
