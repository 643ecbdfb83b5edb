using System.Net;
using System.Net.WebSockets;
using Carillon.Interop.Tests.Http;

namespace Carillon.Interop.Tests.Configuration;

/// <summary>Two hubs with policies, a spec and a rule, out of a file alone.</summary>
public sealed class HubSettingsTests(OpenShop open) : IClassFixture<OpenShop>
{
    private readonly Shop _shop = open.Shop;

    [Fact]
    public async Task Each_hub_has_its_topics_and_no_others()
    {
        (await _shop.PublishAsync("news", "1")).ShouldHaveStatus(HttpStatusCode.OK);
        (await _shop.PublishAsync("room", "1", hub: "/chat")).ShouldHaveStatus(HttpStatusCode.OK);
        (await _shop.PublishAsync("room", "1")).ShouldHaveStatus(HttpStatusCode.NotFound);
        (await _shop.PublishAsync("news", "1", hub: "/chat")).ShouldHaveStatus(HttpStatusCode.NotFound);
        File.Exists(Path.Combine(_shop.File.Folder.Path, "data", "main.db")).ShouldBeTrue();
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("no key at all", HttpStatusCode.Unauthorized)]
    [InlineData(SettingsFile.Desk, HttpStatusCode.Forbidden)]
    [InlineData(SettingsFile.Till, HttpStatusCode.OK)]
    public async Task A_topic_is_published_to_by_those_whom_the_file_names(string? key, HttpStatusCode expected)
    {
        (await _shop.PublishAsync("orders", """{"id": 1}""", key)).ShouldHaveStatus(expected);
    }

    [Fact]
    public async Task A_payload_that_does_not_fit_the_files_spec_is_refused_with_its_place()
    {
        HttpAnswer answer = (await _shop.PublishAsync("orders", """{"id": "1"}""", SettingsFile.Till)).ShouldHaveStatus(HttpStatusCode.BadRequest);

        answer.Json.GetProperty("code").GetString().ShouldBe("spec_violation");
        answer.Json.GetProperty("field").GetString().ShouldBe("message.id");
    }

    [Fact]
    public async Task A_subscriber_with_the_role_gets_messages_with_the_appended_field_and_a_stranger_none()
    {
        using JsonSocket stranger = await JsonSocket.ConnectAsync(_shop, "/");
        using JsonSocket desk = await JsonSocket.ConnectAsync(_shop, "/", SettingsFile.Desk);
        const string Subscribe = """{"type": "SUBSCRIBE", "topics": ["orders"]}""";

        (await stranger.AskAsync(Subscribe)).GetProperty("error_details")[0].GetProperty("code").GetString().ShouldBe("unauthorized");
        (await desk.AskAsync(Subscribe)).GetProperty("success")[0].GetString().ShouldBe("orders");
        (await _shop.PublishAsync("orders", """{"id": 7}""", SettingsFile.Till)).ShouldHaveStatus(HttpStatusCode.OK);

        var message = (await desk.ReceiveAsync())!.Value;
        message.GetProperty("message").GetProperty("id").GetInt32().ShouldBe(7);
        message.GetProperty("message").GetProperty("time").GetDouble().ShouldBeGreaterThan(1_600_000_000);
        message.GetProperty("publisher")[0].GetString().ShouldBe("till");
    }

    [Fact]
    public async Task Who_breaks_the_files_rule_is_told_and_disconnected()
    {
        using JsonSocket idle = await JsonSocket.ConnectAsync(_shop, "/chat");

        (await idle.ReceiveAsync())!.Value.GetProperty("code").GetString().ShouldBe("rule_broken");
        (await idle.ReceiveAsync()).ShouldBeNull();
        idle.CloseStatus.ShouldBe(WebSocketCloseStatus.PolicyViolation);
    }
}
