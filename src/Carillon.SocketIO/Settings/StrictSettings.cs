using System.Diagnostics.CodeAnalysis;
using Carillon.SocketIO.EngineIO;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Carillon.SocketIO.Settings;

/// <summary>Binds options to configuration so that whatever is wrong with it stops the start.</summary>
internal static class StrictSettings
{
    /// <summary>Fills <typeparamref name="TOptions"/> by <paramref name="read"/>, which returns what is wrong with the section.</summary>
    public static IServiceCollection Bind<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        IServiceCollection services, IConfiguration section, string? name, Func<IConfiguration, TOptions, IReadOnlyList<string>> read)
        where TOptions : EngineIOOptions
    {
        ArgumentNullException.ThrowIfNull(section);
        name ??= Options.DefaultName;
        services.AddSingleton<IValidateOptions<TOptions>>(new EngineIOOptionsValidator<TOptions>(name, section));
        services.AddOptions<TOptions>(name)
            .Configure(options =>
            {
                IReadOnlyList<string> problems = read(section, options);
                if (problems.Count > 0)
                {
                    throw new OptionsValidationException(name, typeof(TOptions), problems);
                }
            })
            .ValidateOnStart();
        return services;
    }
}
