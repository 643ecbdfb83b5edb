using System.Net;
using System.Net.WebSockets;
using Carillon.SocketIO.EngineIO;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.EngineIO;

public sealed class AllowRequestTests
{
    private static readonly EngineIOOptions Options = new()
    {
        AllowRequest = static async context =>
        {
            await Task.Yield();
            return context.Request.Query["token"] == "123" ? null : "no \"token\"";
        },
    };

    [Fact]
    public async Task Refused_handshake_gets_403_with_the_text_and_opens_no_session()
    {
        await using EngineApplication application = await EngineApplication.StartEchoAsync(Options);
        using EngineClient client = application.NewClient();

        using HttpResponseMessage response = await client.Http.GetAsync("/engine.io/?EIO=4&transport=polling");
        WebSocketException refused = await Should.ThrowAsync<WebSocketException>(() => client.OpenWebSocketAsync());

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await response.Content.ReadAsStringAsync()).ShouldBe("""{"code":4,"message":"no \u0022token\u0022"}""");
        refused.Message.ShouldContain("403");
        application.Server.ConnectionCount.ShouldBe(0);
    }

    [Fact]
    public async Task Allowed_handshake_opens_a_session_whose_requests_are_not_asked_about()
    {
        await using EngineApplication application = await EngineApplication.StartEchoAsync(Options);
        using EngineClient client = application.NewClient();

        string open = await client.Http.GetStringAsync("/engine.io/?EIO=4&transport=polling&token=123");
        string id = open.Split('"')[3];

        (await client.PostToAsync(id, "4hello")).ShouldBe((HttpStatusCode.OK, "ok"));
    }

    [Fact]
    public async Task Refusal_comes_before_the_version_and_after_the_method_as_in_the_reference_server()
    {
        await using EngineApplication application = await EngineApplication.StartEchoAsync(Options);
        using EngineClient client = application.NewClient();

        using HttpResponseMessage oldVersion = await client.Http.GetAsync("/engine.io/?EIO=3&transport=polling");
        using HttpResponseMessage wrongMethod = await client.Http.PostAsync("/engine.io/?EIO=4&transport=polling", null);

        oldVersion.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await wrongMethod.Content.ReadAsStringAsync()).ShouldBe("""{"code":2,"message":"Bad handshake method"}""");
    }

    [Fact]
    public async Task Check_that_fails_answers_500_and_opens_no_session()
    {
        await using EngineApplication application = await EngineApplication.StartEchoAsync(
            new EngineIOOptions { AllowRequest = static _ => throw new InvalidOperationException("broken") });
        using EngineClient client = application.NewClient();

        using HttpResponseMessage response = await client.Http.GetAsync("/engine.io/?EIO=4&transport=polling");

        response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        application.Server.ConnectionCount.ShouldBe(0);
    }
}
