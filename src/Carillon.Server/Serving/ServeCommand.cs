using System.CommandLine;
using System.Net.Sockets;
using Carillon.Server.Settings;
using Carillon.Sqlite;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Carillon.Server.Serving;

/// <summary><c>carillon serve</c>.</summary>
internal static class ServeCommand
{
    /// <summary>Exit code when the command line or the settings are wrong.</summary>
    public const int WrongSettings = 2;

    private const int Failed = 1;

    public static Command Create()
    {
        var command = new Command("serve", "Serve until SIGTERM or Ctrl+C");
        foreach (ServeOption option in ServeOption.All)
        {
            command.Options.Add(option.Option);
        }

        command.SetAction((parsed, cancellationToken) => RunAsync(ServeOption.Given(parsed), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Dictionary<string, string?> commandLine, CancellationToken cancellationToken)
    {
        WebApplication? app;
        IReadOnlyList<string> problems;
        try
        {
            (app, problems) = ServerApplication.Build(commandLine);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"carillon: cannot start: {failure.Message}");
            return Failed;
        }

        if (app is null)
        {
            foreach (string problem in problems)
            {
                await Console.Error.WriteLineAsync($"carillon: wrong setting: {problem}");
            }

            return WrongSettings;
        }

        await using (app)
        {
            try
            {
                await app.StartAsync(cancellationToken);
            }
            catch (SocketException failure)
            {
                await Console.Error.WriteLineAsync($"carillon: cannot start: the address of setting Carillon:Host cannot be listened on: {failure.Message}");
                return Failed;
            }
            catch (Exception failure) when (failure is IOException or InvalidOperationException or UnauthorizedAccessException or SqliteDatabaseException)
            {
                await Console.Error.WriteLineAsync($"carillon: cannot start: {failure.Message}");
                return Failed;
            }

            await Console.Out.WriteLineAsync($"Carillon {ServerApplication.Version} listening on {string.Join(", ", AddressesOf(app))}");
            await app.WaitForShutdownAsync(cancellationToken);
            return 0;
        }
    }

    private static IEnumerable<string> AddressesOf(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
}
