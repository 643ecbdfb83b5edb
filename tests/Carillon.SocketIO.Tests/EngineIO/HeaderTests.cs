using System.Buffers;
using System.IO.Compression;
using System.Text;
using Carillon.Connections;
using Carillon.Connections.Tests.WebSockets;
using Carillon.SocketIO.EngineIO;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.EngineIO;

public sealed class HeaderTests
{
    private static readonly string Long = new('x', 5000);

    [Fact]
    public async Task No_cookie_is_set_by_default()
    {
        await using EngineApplication application = await EngineApplication.StartEchoAsync();
        using EngineClient client = application.NewClient();

        using HttpResponseMessage response = await client.Http.GetAsync("/engine.io/?EIO=4&transport=polling");

        response.Headers.Contains("Set-Cookie").ShouldBeFalse();
        response.Content.Headers.ContentEncoding.ShouldBeEmpty();
    }

    [Fact]
    public async Task Cookie_with_the_session_id_is_set_by_the_polling_handshake_alone()
    {
        var cookie = new EngineCookieOptions { MaxAge = TimeSpan.FromMinutes(1), Secure = true, SameSite = SameSiteMode.Strict };
        await using EngineApplication application = await EngineApplication.StartEchoAsync(new EngineIOOptions { Cookie = cookie });
        using EngineClient client = application.NewClient();

        using HttpResponseMessage response = await client.Http.GetAsync("/engine.io/?EIO=4&transport=polling");
        string id = (await response.Content.ReadAsStringAsync()).Split('"')[3];
        using var content = new StringContent("4x");
        using HttpResponseMessage later = await client.Http.PostAsync($"/engine.io/?EIO=4&transport=polling&sid={id}", content);

        response.Headers.GetValues("Set-Cookie").ShouldBe([$"io={id}; max-age=60; path=/; secure; samesite=strict; httponly"]);
        later.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task Hooks_add_headers_to_the_handshake_and_to_every_answer()
    {
        var options = new EngineIOOptions
        {
            OnInitialHeaders = static context => context.Response.Headers["X-Initial"] = "1",
            OnHeaders = static context => context.Response.Headers["X-Every"] = "1",
        };
        await using EngineApplication application = await EngineApplication.StartEchoAsync(options);
        using EngineClient client = application.NewClient();

        using HttpResponseMessage handshake = await client.Http.GetAsync("/engine.io/?EIO=4&transport=polling");
        string id = (await handshake.Content.ReadAsStringAsync()).Split('"')[3];
        using var content = new StringContent("4x");
        using HttpResponseMessage post = await client.Http.PostAsync($"/engine.io/?EIO=4&transport=polling&sid={id}", content);
        using HttpResponseMessage poll = await client.Http.GetAsync($"/engine.io/?EIO=4&transport=polling&sid={id}");

        using RawClient webSocket = await RawClient.ConnectAsync(application.Address.Port, request: "GET /engine.io/?EIO=4&transport=websocket HTTP/1.1\r\n"
            + "Host: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        webSocket.Handshake.ShouldStartWith("HTTP/1.1 101");
        webSocket.Handshake.ShouldContain("X-Every: 1");
        webSocket.Handshake.ShouldContain("X-Initial: 1");
        Names(handshake).ShouldBe(["X-Every", "X-Initial"]);
        Names(post).ShouldBe(["X-Every"]);
        Names(poll).ShouldBe(["X-Every"]);

        static IEnumerable<string> Names(HttpResponseMessage response) =>
            response.Headers.Select(static header => header.Key).Where(static name => name.StartsWith("X-", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("deflate", "deflate")]
    [InlineData("br", "br")]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("br;q=0.5, gzip", "gzip")]
    [InlineData("*", "br")]
    [InlineData("br;q=0, *;q=0.1", "gzip")]
    [InlineData("gzip;q=0", null)]
    [InlineData("identity", null)]
    [InlineData("", null)]
    public async Task Long_answer_to_a_poll_is_compressed_as_the_client_accepts(string accepted, string? expected)
    {
        await using EngineApplication application = await EngineApplication.StartEchoAsync(new EngineIOOptions { HttpCompression = new HttpCompressionOptions() });
        using EngineClient client = await application.OpenPollingAsync();
        await client.PostAsync("4" + Long, "bAQID");
        using var request = new HttpRequestMessage(HttpMethod.Get, client.PollingPath);
        _ = accepted.Length > 0 && request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);

        using HttpResponseMessage response = await client.Http.SendAsync(request);

        string.Join(',', response.Content.Headers.ContentEncoding).ShouldBe(expected ?? string.Empty);
        response.Headers.Vary.ShouldContain("Accept-Encoding");
        byte[] body = await response.Content.ReadAsByteArrayAsync();
        Decompress(body, expected).ShouldBe("4" + Long + "\u001ebAQID");
        (body.Length < 1000).ShouldBe(expected is not null);
    }

    [Fact]
    public async Task Short_answer_and_one_that_asks_for_it_are_not_compressed()
    {
        await using EngineApplication application = await EngineApplication.StartEchoAsync(new EngineIOOptions { HttpCompression = new HttpCompressionOptions() });
        using EngineClient client = await application.OpenPollingAsync();
        client.Http.DefaultRequestHeaders.Add("Accept-Encoding", "gzip");

        await client.PostAsync("4short");
        (await client.PollPacketsAsync()).ShouldBe(["4short"]);

        using var writer = new FrameWriter();
        writer.Write(Encoding.UTF8.GetBytes("4" + Long));
        Frame plain = writer.ToFrame(isBinary: false, isCompressible: false);
        var context = new DefaultHttpContext();
        context.Request.Headers.AcceptEncoding = "gzip";
        PayloadCompression.Choose(new HttpCompressionOptions(), context, [plain], 5001).ShouldBeNull();
        PayloadCompression.Choose(new HttpCompressionOptions(), context, [plain, EngineFrames.Ping], 5003).ShouldBe("gzip");
        PayloadCompression.Choose(null, context, [EngineFrames.Ping], 5003).ShouldBeNull();
    }

    private static string Decompress(byte[] body, string? encoding)
    {
        using var source = new MemoryStream(body);
        using Stream plain = encoding switch
        {
            "br" => new BrotliStream(source, CompressionMode.Decompress),
            "gzip" => new GZipStream(source, CompressionMode.Decompress),
            "deflate" => new ZLibStream(source, CompressionMode.Decompress),
            _ => source,
        };
        using var reader = new StreamReader(plain, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
