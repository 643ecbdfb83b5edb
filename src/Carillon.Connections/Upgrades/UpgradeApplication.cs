using Microsoft.AspNetCore.Hosting.Server;

namespace Carillon.Connections.Upgrades;

/// <summary>The host's application with its logging, tracing and dependency injection, as the server would run it.</summary>
internal sealed class UpgradeApplication<TContext>(IHttpApplication<TContext> application) : IUpgradeApplication
    where TContext : notnull
{
    // Asynchronous, so that what the host sets for the request (activity, logging scope) stays in this call.
    public async Task RunAsync(UpgradeExchange exchange)
    {
        TContext context = application.CreateContext(exchange.Features);
        Exception? fault = null;
        try
        {
            await application.ProcessRequestAsync(context);
        }
        catch (Exception error)
        {
            fault = error;
        }

        try
        {
            await exchange.FinishAsync(fault);
        }
        finally
        {
            application.DisposeContext(context, fault);
        }
    }
}
