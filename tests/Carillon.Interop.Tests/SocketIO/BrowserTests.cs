using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Carillon.Interop.Tests.Clients;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Carillon.Interop.Tests.SocketIO;

/// <summary>The official browser client in a real browser, over https, where browsers open WebSockets on HTTP/2: <c>node/scenarios/browser.mjs</c>.</summary>
public sealed class BrowserTests(OfficialClients clients)
{
    private readonly ConcurrentQueue<(string Protocol, string Method, string Transport)> _requests = new();

    [Theory]
    [InlineData(ClientKind.NodeWebSocket)]
    [InlineData(ClientKind.NodeUpgrading)]
    public async Task Page_talks_over_http2_with_the_servers_default_protocols(ClientKind kind)
    {
        using X509Certificate2 certificate = MakeCertificate();
        await using SocketIOApplication application = await SocketIOApplication.StartAsync(new Playground().Configure, certificate: certificate, use: UsePage);

        await clients.RunAsync(kind, "browser/overHttp2", application.Address);

        _requests.ShouldAllBe(static request => request.Protocol == "HTTP/2");
        _requests.Count(static request => request.Transport == "websocket").ShouldBe(1);
        _requests.ShouldContain(("HTTP/2", "CONNECT", "websocket"));
        _requests.Any(static request => request.Transport == "polling").ShouldBe(kind == ClientKind.NodeUpgrading);
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private void UsePage(WebApplication application)
    {
        application.Use((context, next) =>
        {
            if (context.Request.Query["transport"] is [{ } transport])
            {
                _requests.Enqueue((context.Request.Protocol, context.Request.Method, transport));
            }

            return next(context);
        });
        application.MapGet("/page", static () => Results.Content("<!doctype html><title>page</title>", "text/html"));
    }
}
