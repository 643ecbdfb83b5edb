using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Carillon.SocketIO.EngineIO;

/// <summary>What a server on a route takes from its application, and how its life follows the application's.</summary>
internal sealed class RouteServices(IEndpointRouteBuilder endpoints)
{
    private readonly IServiceProvider _services = endpoints.ServiceProvider;

    public TimeProvider Time => _services.GetService<TimeProvider>() ?? TimeProvider.System;

    public IMeterFactory? Meters => _services.GetService<IMeterFactory>();

    public ILogger CreateLogger(string category) => (_services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger(category);

    /// <summary>A checked copy of <paramref name="given"/>, or of what was configured under <paramref name="name"/>.</summary>
    public TOptions OptionsOf<TOptions>(TOptions? given, string? name = null)
        where TOptions : EngineIOOptions, new() =>
        EngineIOOptions.Checked(given ?? _services.GetService<IOptionsMonitor<TOptions>>()?.Get(name ?? Options.DefaultName) ?? new TOptions());

    /// <summary>Maps <paramref name="handle"/>; <paramref name="close"/> is begun when the application stops, and <paramref name="server"/> disposed afterwards.</summary>
    public IEndpointConventionBuilder Map(string pattern, RequestDelegate handle, IDisposable server, Action? close)
    {
        IHostApplicationLifetime? lifetime = _services.GetService<IHostApplicationLifetime>();
        lifetime?.ApplicationStopped.Register(server.Dispose);
        if (close is not null)
        {
            lifetime?.ApplicationStopping.Register(close);
        }

        return endpoints.Map(pattern, handle).WithMetadata(new DisableRequestTimeoutAttribute()); // A poll may wait as long as it likes.
    }
}
