using Carillon.SocketIO.EngineIO;
using Microsoft.Extensions.Options;

namespace Carillon.SocketIO.Settings;

/// <summary>Lets the options system refuse wrong settings with the words of <see cref="EngineIOOptions.Validate"/>.</summary>
internal sealed class EngineIOOptionsValidator<TOptions> : IValidateOptions<TOptions>
    where TOptions : EngineIOOptions
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        try
        {
            options.Validate();
            return ValidateOptionsResult.Success;
        }
        catch (OptionsValidationException wrong)
        {
            return ValidateOptionsResult.Fail(wrong.Failures);
        }
    }
}
