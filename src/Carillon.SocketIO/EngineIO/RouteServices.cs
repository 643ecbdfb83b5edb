using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using System.Security.Cryptography.X509Certificates;
using Carillon.Connections.Upgrades;
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
    public IServiceProvider Provider { get; } = endpoints.ServiceProvider;

    public TimeProvider Time => Provider.GetService<TimeProvider>() ?? TimeProvider.System;

    public IMeterFactory? Meters => Provider.GetService<IMeterFactory>();

    public ILogger CreateLogger(string category) => (Provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger(category);

    /// <summary>A checked copy of <paramref name="given"/>, or of what was configured under <paramref name="name"/>.</summary>
    public TOptions OptionsOf<TOptions>(TOptions? given, string? name = null)
        where TOptions : EngineIOOptions, new() =>
        EngineIOOptions.Checked(given ?? Provider.GetService<IOptionsMonitor<TOptions>>()?.Get(name ?? Options.DefaultName) ?? new TOptions());

    /// <summary>Maps <paramref name="handle"/>; <paramref name="close"/> is begun when the application stops, and <paramref name="dispose"/> called afterwards.</summary>
    // The attribute keeps trimmed applications of CreateSlimBuilder able to start: Kestrel mentions this type, and the trimmer, where nobody creates one, removes a method
    // of an interface that it leaves on the type (the defect is of the kind of dotnet/runtime#109850, and fails without this library, too).
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor, typeof(X509Certificate2Collection))]
    public IEndpointConventionBuilder Map(string pattern, RequestDelegate handle, Action dispose, Action? close)
    {
        IHostApplicationLifetime? lifetime = Provider.GetService<IHostApplicationLifetime>();
        lifetime?.ApplicationStopped.Register(dispose);
        if (close is not null)
        {
            lifetime?.ApplicationStopping.Register(close);
        }

        return endpoints.Map(pattern, handle)
            .WithMetadata(new DisableRequestTimeoutAttribute()) // A poll may wait as long as it likes.
            .AcceptsWebSockets();
    }
}
