using System.Net;
using System.Net.Http.Headers;
using Carillon.Access;
using Carillon.AspNetCore.Authentication;
using Carillon.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.Tests.Authentication;

/// <summary>An application with pages for anybody, for users and for admins, on a real port; it knows no hub.</summary>
internal sealed class AuthenticatedApplication : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http = new();

    private AuthenticatedApplication(WebApplication app) => _app = app;

    public IServiceProvider Services => _app.Services;

    public int Port => new Uri(_app.Urls.First()).Port;

    /// <summary>The last request's requester.</summary>
    public Requester? Requester { get; private set; }

    /// <summary>Why the last request's token was refused.</summary>
    public Error? Refusal { get; private set; }

    public static async Task<AuthenticatedApplication> StartAsync(
        Action<AuthenticationBuilder> add, string scheme = TokenSchemes.Any, Action<WebApplicationBuilder>? configure = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        configure?.Invoke(builder);
        add(builder.Services.AddAuthentication(scheme));
        builder.Services.AddAuthorizationBuilder().AddPolicy("admins", static policy => policy.RequireRole("admin"));
        WebApplication app = builder.Build();
        var application = new AuthenticatedApplication(app);
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/anybody", application.Describe);
        app.MapGet("/users", application.Describe).RequireAuthorization();
        app.MapGet("/admins", application.Describe).RequireAuthorization("admins");
        await app.StartAsync();
        return application;
    }

    public Task<HubApplication.Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(path, headers);

    public Task<HubApplication.Answer> GetAsync(string path, AuthenticationHeaderValue authorization) => SendAsync(path, ("Authorization", authorization.ToString()));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    private async Task<HubApplication.Answer> SendAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _app.Urls.First() + path);
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await HubApplication.Answer.ReadAsync(await _http.SendAsync(request));
    }

    private string Describe(HttpContext context)
    {
        Requester = context.GetRequester();
        Refusal = context.GetTokenRefusal();
        return string.Join(',', Requester.Identities);
    }
}
