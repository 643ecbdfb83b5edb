using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Carillon.Connections.Tests.WebSockets;

/// <summary>One HTTP/2 connection on which any number of WebSockets can be opened: with TLS if it has a certificate to trust, else by prior knowledge.</summary>
internal sealed class Http2Client : IDisposable
{
    private const int SmallestWindow = 65_535;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private readonly Uri _address;

    public Http2Client(int port, X509Certificate2? trusted = null)
    {
        _address = new Uri(string.Create(CultureInfo.InvariantCulture, $"{(trusted is null ? "http" : "https")}://localhost:{port}"));
        Handler = new SocketsHttpHandler { InitialHttp2StreamWindowSize = SmallestWindow };
        Handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.GetCertHashString() == trusted?.GetCertHashString();
        Http = new HttpClient(Handler) { BaseAddress = _address, Timeout = Longest };
    }

    public SocketsHttpHandler Handler { get; }

    public HttpClient Http { get; }

    /// <summary>Sends an extended CONNECT.</summary>
    public Task<HttpResponseMessage> AskAsync(string path, string protocol = "websocket", string? version = "13")
    {
        var request = new HttpRequestMessage(HttpMethod.Connect, new Uri(_address, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Protocol = protocol;
        if (version is not null)
        {
            request.Headers.Add("Sec-WebSocket-Version", version);
        }

        return Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Opens a WebSocket.</summary>
    public async Task<RawClient> ConnectAsync(string path = "/ws")
    {
        HttpResponseMessage response = await AskAsync(path);
        return new RawClient(await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync());
    }

    public void Dispose()
    {
        Http.Dispose();
        Handler.Dispose();
    }
}
