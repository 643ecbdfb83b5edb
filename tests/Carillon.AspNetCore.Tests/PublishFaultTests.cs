using System.Text.Json;
using Carillon.Errors;
using Carillon.Hubs;
using Carillon.Specs;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests;

/// <summary>A spec of the application's that throws refuses the one publish and costs its client nothing else.</summary>
public sealed class PublishFaultTests : IAsyncLifetime
{
    private HubApplication _app = null!;

    public async ValueTask InitializeAsync() =>
        _app = await HubApplication.StartAsync(new HubOptions { Topics = [Topic.Echo("good"), Topic.Echo("bad") with { Spec = new FailingSpec() }] });

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Socket_publishes_on_after_more_faults_than_publishes_may_be_in_flight()
    {
        await using SocketClient client = await SocketClient.ConnectAsync(_app);
        for (int i = 0; i < 300; i++)
        {
            (await client.EmitAsync("publish", """{"topic":"bad","message":1}""")).GetProperty("code").GetString().ShouldBe("internal_error");
        }

        (await client.EmitAsync("publish", """{"topic":"good","message":1}""")).GetProperty("status").GetString().ShouldBe("ok");
    }

    [Fact]
    public async Task Batch_answers_for_each_message_although_one_faults()
    {
        HubApplication.Answer answer = await _app.PublishAsync("""[{"topic":"good","message":1},{"topic":"bad","message":1},{"topic":"good","message":1}]""");

        string?[] codes = [.. answer.Json.EnumerateArray().Select(static item => item.TryGetProperty("code", out JsonElement code) ? code.GetString() : null)];
        codes.ShouldBe([null, "internal_error", null]);
    }

    private sealed class FailingSpec : IPayloadSpec
    {
        public Error? Check(ReadOnlySpan<byte> payload) => throw new InvalidOperationException("a fault of the application's");
    }
}
