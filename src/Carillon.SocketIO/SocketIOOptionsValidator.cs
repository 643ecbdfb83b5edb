using Microsoft.Extensions.Options;

namespace Carillon.SocketIO;

/// <summary>Lets the options system refuse wrong settings with the words of <see cref="SocketIOOptions.Validate"/>.</summary>
internal sealed class SocketIOOptionsValidator : IValidateOptions<SocketIOOptions>
{
    public ValidateOptionsResult Validate(string? name, SocketIOOptions options)
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
