using System.Net;
using System.Text;
using Carillon.Interop.Tests.Http;
using Carillon.Interop.Tests.Servers;
using Carillon.Interop.Tests.Waiting;

namespace Carillon.Interop.Tests.Configuration;

/// <summary>A server process that reads a <see cref="SettingsFile"/>.</summary>
internal sealed class Shop : IAsyncDisposable
{
    private HttpClient _http;

    private Shop(SettingsFile file, ServerProcess process)
    {
        File = file;
        Process = process;
        _http = new HttpClient { BaseAddress = process.Address };
    }

    public SettingsFile File { get; }

    public ServerProcess Process { get; private set; }

    public static async Task<Shop> StartAsync(Action<SettingsFile>? change = null)
    {
        var file = new SettingsFile();
        try
        {
            change?.Invoke(file);
            return new Shop(file, await ServerProcess.StartAsync(file.Server));
        }
        catch (Exception)
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Ends the process in good order and starts another one on the same files.</summary>
    public async Task RestartAsync()
    {
        await Process.DisposeAsync();
        _http.Dispose();
        Process = await ServerProcess.StartAsync(File.Server);
        _http = new HttpClient { BaseAddress = Process.Address };
    }

    /// <summary>Asks for something, with an API key or without.</summary>
    public async Task<HttpAnswer> GetAsync(string path, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"ApiKey {key}");
        }

        return await HttpAnswer.FromAsync(await _http.SendAsync(request));
    }

    /// <summary>Publishes by HTTP, with an API key or without.</summary>
    public async Task<HttpAnswer> PublishAsync(string topic, string message, string? key = null, string hub = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{hub}/publish")
        {
            Content = new StringContent($$"""{"topic": "{{topic}}", "message": {{message}}}""", Encoding.UTF8, "application/json"),
        };
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"ApiKey {key}");
        }

        return await HttpAnswer.FromAsync(await _http.SendAsync(request));
    }

    /// <summary>Waits until a publish is answered like this.</summary>
    public Task WaitForAnswerAsync(string topic, string message, HttpStatusCode status, string? key = null) => Eventually.BecomesAsync(
        () => PublishAsync(topic, message, key), answer => answer.Status == status, $"publishing to {topic} is answered with {status}");

    /// <summary>Waits until the log says something.</summary>
    public Task<string> WaitForLogAsync(string text) => Eventually.BecomesAsync(
        () => Task.FromResult(Process.Log), log => log.Contains(text, StringComparison.Ordinal), $"the log says '{text}'");

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Process.DisposeAsync();
        File.Dispose();
    }
}
