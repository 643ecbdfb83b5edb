using Microsoft.Extensions.Options;

namespace Carillon.Connections;

/// <summary>Refuses wrong settings by name.</summary>
public static class SettingCheck
{
    /// <summary>
    /// Throws an <see cref="OptionsValidationException"/> that says which <paramref name="setting"/> of <typeparamref name="TOptions"/> must be what
    /// (<paramref name="rule"/>), unless it <paramref name="holds"/>.
    /// </summary>
    public static void Require<TOptions>(bool holds, string setting, string rule)
    {
        if (!holds)
        {
            string name = typeof(TOptions).Name;
            throw new OptionsValidationException(name, typeof(TOptions), [$"{name}.{setting} must be {rule}."]);
        }
    }
}
