using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Shouldly;
using Xunit;

namespace Carillon.Connections.Tests.WebSockets;

public sealed class WebSocketTlsTests
{
    [Fact]
    public async Task Messages_are_exchanged_over_tls()
    {
        using X509Certificate2 certificate = MakeCertificate();
        await using WebSocketHost host = await WebSocketHost.StartAsync(certificate: certificate);
        using var client = new ClientWebSocket();
        client.Options.RemoteCertificateValidationCallback = (_, presented, _, _) => presented!.GetCertHashString() == certificate.GetCertHashString();
        await client.ConnectAsync(new Uri($"wss://localhost:{host.Port}/ws"), default);
        byte[] message = RandomNumberGenerator.GetBytes(200_000);

        await client.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, default);
        var echo = new byte[message.Length];
        int length = 0;
        while (length < echo.Length)
        {
            length += (await client.ReceiveAsync(echo.AsMemory(length), default)).Count;
        }

        echo.ShouldBe(message);
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", default);
        (await (await host.NextAsync()).EndAsync()).ShouldBe(Carillon.Connections.WebSockets.WebSocketEnd.ClosedByPeer);
    }

    internal static X509Certificate2 MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
