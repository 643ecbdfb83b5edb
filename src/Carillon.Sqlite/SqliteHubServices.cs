using Carillon.Hubs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Carillon.Sqlite;

/// <summary>Makes an application's hubs durable.</summary>
public static class SqliteHubServices
{
    /// <summary>Keeps the application's hubs in SQLite files in <paramref name="folder"/>, one for each: see <see cref="SqliteHubStorage"/>. Without it they are in memory.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="folder">Where the files are; created if it does not exist.</param>
    /// <param name="options">Settings of every file; its path is not used. Null for the defaults.</param>
    public static IServiceCollection AddCarillonSqlite(this IServiceCollection services, string folder, SqliteOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        services.TryAddSingleton(TimeProvider.System);
        services.RemoveAll<IHubStorage>();
        services.AddSingleton<IHubStorage>(provider =>
            new SqliteHubStorage(folder, options, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));
        return services;
    }
}
