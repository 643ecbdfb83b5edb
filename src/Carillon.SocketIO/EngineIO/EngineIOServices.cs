using Carillon.SocketIO.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Carillon.SocketIO.EngineIO;

/// <summary>Reads the settings of bare Engine.IO servers from the application's configuration.</summary>
public static class EngineIOServices
{
    /// <summary>
    /// Binds <see cref="EngineIOOptions"/> to <paramref name="section"/>, strictly: a key that no setting has, a value that cannot be or one that is out of
    /// bounds stops the start with an <see cref="OptionsValidationException"/> that names it. Works without reflection, in trimmed applications as well.
    /// Code may add to it with <c>services.Configure</c>.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="section">Usually <c>configuration.GetSection("EngineIO")</c>.</param>
    /// <param name="name">
    /// For several servers in one application: the name to give to <c>MapEngineIO</c>. Null for the one that is used where no name is given.
    /// </param>
    public static IServiceCollection AddEngineIO(this IServiceCollection services, IConfiguration section, string? name = null) =>
        StrictSettings.Bind<EngineIOOptions>(services, section, name, EngineIOSettings.Read);
}
