using System.Net;
using System.Text.Json;
using Carillon.Errors;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests;

public sealed class OperationTests : IAsyncLifetime
{
    private HubApplication _app = null!;

    public async ValueTask InitializeAsync() => _app = await HubApplication.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Unknown_routes_and_wrong_methods_are_answered_in_JSON()
    {
        HubApplication.Answer unknown = await _app.GetAsync("/no/such?x=1");
        HubApplication.Answer wrongMethod = await _app.GetAsync("/publish");

        unknown.Status.ShouldBe(HttpStatusCode.NotFound);
        unknown["code"].ShouldBe("not_found");
        wrongMethod.Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
        wrongMethod["code"].ShouldBe("method_not_allowed");
        wrongMethod["message"].ShouldNotBeNull().ShouldContain("POST");
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/messages")]
    public async Task Head_is_answered_like_get_without_the_body(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using HttpResponseMessage response = await _app.Http.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/json");
        (await response.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task OpenApi_describes_every_route_and_no_other()
    {
        JsonElement paths = (await _app.GetAsync("/openapi.json")).Json.GetProperty("paths");

        string[] served = [.. _app.Routes.Where(route => !route.StartsWith("/socket.io", StringComparison.Ordinal) && route != "/ws").Distinct()];
        paths.EnumerateObject().Select(path => path.Name).ShouldBe(served, ignoreOrder: true);
    }

    [Fact]
    public async Task OpenApi_lists_every_error_code()
    {
        JsonElement schemas = (await _app.GetAsync("/openapi.json")).Json.GetProperty("components").GetProperty("schemas");
        IEnumerable<string> documented = schemas.GetProperty("Error").GetProperty("properties").GetProperty("code").GetProperty("enum").EnumerateArray().Select(code => code.GetString()!);

        IEnumerable<string> all = typeof(ErrorCode).GetFields().Where(field => field.IsStatic).Select(field => ((ErrorCode)field.GetValue(null)!).Name);
        documented.ShouldBe(all, ignoreOrder: true);
    }

    [Fact]
    public async Task Metrics_are_in_the_text_format_of_Prometheus()
    {
        await _app.PublishAsync("""{"topic":"t","message":1,"message_id":"a"}""");
        await _app.PublishAsync("""{"topic":"t","message":1,"message_id":"a"}""");
        await _app.PublishAsync("""{"topic":1}""");

        string[] lines = (await _app.GetAsync("/metrics")).Text.Split('\n');

        lines.ShouldContain("# TYPE carillon_publishes_total counter");
        lines.ShouldContain("carillon_publishes_total 1");
        lines.ShouldContain("carillon_publishes_duplicate_total 1");
        lines.ShouldContain("carillon_topics 1");
        lines.ShouldContain("# TYPE carillon_publish_duration_seconds histogram");
        lines.ShouldContain("carillon_publish_duration_seconds_bucket{le=\"+Inf\"} 2");
        lines.ShouldContain("carillon_publish_duration_seconds_count 2");
        lines.Where(line => line.StartsWith("# TYPE", StringComparison.Ordinal)).ShouldBeUnique();
    }

    [Fact]
    public async Task Stats_count_what_happened()
    {
        await _app.PublishAsync("""{"topic":"t","message":1}""");

        HubApplication.Answer stats = await _app.GetAsync("/stats");

        stats["published"].ShouldBe("1");
        stats["topics"].ShouldBe("1");
        stats.Json.GetProperty("uptime").GetDouble().ShouldBeGreaterThanOrEqualTo(0);
    }

    [Theory]
    [InlineData("unavailable", HttpStatusCode.ServiceUnavailable)]
    [InlineData("outcome_unknown", HttpStatusCode.ServiceUnavailable)]
    [InlineData("storage_full", HttpStatusCode.InsufficientStorage)]
    public async Task An_engine_that_refuses_is_answered_with_its_code_and_readiness_says_why(string code, HttpStatusCode status)
    {
        ErrorCode refusal = new[] { ErrorCode.Unavailable, ErrorCode.OutcomeUnknown, ErrorCode.StorageFull }.Single(known => known.Name == code);
        await using HubApplication app = await HubApplication.StartAsync(wrap: engine => new RefusingEngine(engine, refusal));

        HubApplication.Answer answer = await app.PublishAsync("""{"topic":"t","message":1}""");
        HubApplication.Answer ready = await app.GetAsync("/readyz");

        answer.Status.ShouldBe(status);
        answer["code"].ShouldBe(code);
        answer["retryable"].ShouldBe("True");
        answer.Headers.RetryAfter.ShouldNotBeNull();
        ready.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        ready["message"].ShouldBe("refusing");
        (await app.GetAsync("/healthz")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_fault_of_the_server_is_answered_without_its_details()
    {
        await using HubApplication app = await HubApplication.StartAsync(wrap: engine => new RefusingEngine(engine, refusal: null));

        HubApplication.Answer answer = await app.PublishAsync("""{"topic":"t","message":1}""");

        answer.Status.ShouldBe(HttpStatusCode.InternalServerError);
        answer["code"].ShouldBe("internal_error");
        answer.Text.ShouldNotContain("secret");
    }
}
