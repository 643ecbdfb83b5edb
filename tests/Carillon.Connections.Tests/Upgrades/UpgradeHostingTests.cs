using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Carillon.Connections.Tests.WebSockets;
using Carillon.Connections.Upgrades;
using Carillon.Connections.WebSockets;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Carillon.Connections.Tests.Upgrades;

/// <summary>Upgrades below HTTP in the company of what else a host and its application do.</summary>
public sealed class UpgradeHostingTests
{
    [Fact]
    public async Task Authentication_and_policies_of_the_application_decide()
    {
        UpgradeHost? made = null;
        await using UpgradeHost host = made = await UpgradeHost.StartAsync(
            static builder =>
            {
                builder.Services.AddAuthentication("key").AddScheme<AuthenticationSchemeOptions, KeyAuthentication>("key", null);
                builder.Services.AddAuthorization();
            },
            application =>
            {
                application.UseAuthentication();
                application.UseAuthorization();
                application.Map("/guarded", context => made!.EchoAsync(context)).AcceptsWebSockets()
                    .RequireAuthorization(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
            });
        using RawClient client = await RawClient.OpenAsync(host.Port);

        (await client.AskAsync(RawClient.Upgrade("/guarded"))).Head.ShouldStartWith("HTTP/1.1 401");
        using RawClient allowed = await RawClient.ConnectAsync(host.Port, request: RawClient.Upgrade("/guarded", "Authorization: ann\r\n"));

        allowed.Handshake.ShouldStartWith("HTTP/1.1 101");
        UpgradeHost.Accepted accepted = await host.NextAsync();
        accepted.IsHeld.ShouldBeTrue();
        accepted.User.ShouldBe("ann");
    }

    [Fact]
    public async Task Endpoint_filters_middleware_and_scopes_run_and_end_with_the_handshake()
    {
        var disposed = new TaskCompletionSource();
        UpgradeHost? made = null;
        await using UpgradeHost host = made = await UpgradeHost.StartAsync(
            builder => builder.Services.AddScoped(_ => new Scoped(disposed)),
            application =>
            {
                application.Use(static (context, next) =>
                {
                    context.Response.OnStarting(() =>
                    {
                        context.Response.Headers["X-Late"] = "yes";
                        return Task.CompletedTask;
                    });
                    return next(context);
                });
                application.MapGet("/filtered", (HttpContext context, Scoped _) => made!.EchoAsync(context)).AcceptsWebSockets()
                    .AddEndpointFilter(static (invocation, next) => invocation.HttpContext.Request.Query.ContainsKey("no")
                        ? ValueTask.FromResult<object?>(Results.StatusCode(418))
                        : next(invocation));
            });
        using RawClient refused = await RawClient.OpenAsync(host.Port);
        (await refused.AskAsync(RawClient.Upgrade("/filtered?no"))).Head.ShouldStartWith("HTTP/1.1 418");

        using RawClient client = await RawClient.ConnectAsync(host.Port, request: RawClient.Upgrade("/filtered"));

        client.Handshake.ShouldStartWith("HTTP/1.1 101");
        client.Handshake.ShouldContain("X-Late: yes\r\n");
        await disposed.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await client.SendAsync(ClientFrames.Text("on"));
        (await client.ReadTextAsync()).ShouldBe("on");
    }

    [Theory]
    [InlineData("X-Bad", "a\r\nX-Injected: b")]
    [InlineData("X-Bad\r\nX-Injected", "b")]
    public async Task Response_header_that_would_break_the_head_is_refused(string name, string value)
    {
        await using UpgradeHost host = await UpgradeHost.StartAsync(use: application => application.Use((context, next) =>
        {
            context.Response.Headers[name] = value;
            return next(context);
        }));
        using RawClient client = await RawClient.OpenAsync(host.Port);

        string head = (await client.AskAsync(RawClient.Upgrade("/ws"))).Head;

        head.ShouldStartWith("HTTP/1.1 500");
        head.ShouldNotContain("X-Injected");
    }

    [Fact]
    public async Task Stop_of_the_host_closes_held_connections_with_1001()
    {
        await using UpgradeHost host = await UpgradeHost.StartAsync();
        using RawClient client = await RawClient.ConnectAsync(host.Port);
        UpgradeHost.Accepted accepted = await host.NextAsync();

        Task stopping = host.Application.StopAsync();

        (await client.ReadCloseAsync()).ShouldBe((1001, "server is shutting down"));
        stopping.IsCompleted.ShouldBeFalse();
        await client.SendAsync(ClientFrames.Close(1001));
        await stopping.WaitAsync(TimeSpan.FromSeconds(30));
        (await accepted.EndAsync()).ShouldBe(WebSocketEnd.ClosedHere);
    }

    [Fact]
    public async Task Upgrade_that_is_asked_for_after_the_stop_reaches_no_application()
    {
        int seen = 0;
        var time = new ManualTime();
        await using UpgradeHost host = await UpgradeHost.StartAsync(
            builder => builder.Services.AddSingleton<TimeProvider>(time),
            application => application.Use((_, next) =>
            {
                Interlocked.Increment(ref seen);
                return next();
            }));
        using RawClient silent = await RawClient.OpenAsync(host.Port);
        await AskAsync(); // Connections are accepted in order: the silent one was before.
        time.Advance(TimeSpan.FromSeconds(1.5));
        await AskAsync(); // The silent one is no more among the latest, which the end of the listener gives up.

        await host.Application.StopAsync();
        await silent.SendAsync(Encoding.ASCII.GetBytes(RawClient.Upgrade("/ws")));

        await silent.WaitForEndAsync();
        seen.ShouldBe(2);

        async Task AskAsync()
        {
            using RawClient client = await RawClient.OpenAsync(host.Port);
            await client.AskAsync(RawClient.Upgrade("/way"));
        }
    }

    [Fact]
    public async Task Stop_of_the_host_aborts_requests_that_outlast_its_patience()
    {
        var entered = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        await using UpgradeHost host = await UpgradeHost.StartAsync(
            static builder => builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(200)),
            application => application.Map("/stuck", async context =>
            {
                context.RequestAborted.Register(aborted.SetResult);
                entered.SetResult();
                await aborted.Task;
            }).AcceptsWebSockets());
        using RawClient client = await RawClient.OpenAsync(host.Port);
        await client.SendAsync(Encoding.ASCII.GetBytes(RawClient.Upgrade("/stuck")));
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await host.Application.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));

        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await client.WaitForEndAsync();
    }

    [Fact]
    public async Task Limit_of_upgraded_connections_stays_kestrels()
    {
        await using UpgradeHost host = await UpgradeHost.StartAsync(static builder =>
            builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Limits.MaxConcurrentUpgradedConnections = 1));
        using RawClient first = await RawClient.ConnectAsync(host.Port);
        using RawClient second = await RawClient.OpenAsync(host.Port);

        first.Handshake.ShouldStartWith("HTTP/1.1 101");
        (await second.AskAsync(RawClient.Upgrade("/ws"))).Head.ShouldNotStartWith("HTTP/1.1 101");
        (await host.NextAsync()).IsHeld.ShouldBeFalse();
    }

    [Fact]
    public async Task Tls_endpoint_takes_no_upgrade_in_the_clear()
    {
        using var certificate = WebSocketTlsTests.MakeCertificate();
        await using WebSocketHost host = await WebSocketHost.StartAsync(certificate: certificate);
        using RawClient client = await RawClient.OpenAsync(host.Port);

        await client.SendAsync(Encoding.ASCII.GetBytes(RawClient.Upgrade("/ws")));

        await Should.ThrowAsync<Exception>(client.ReadHeadAsync());
    }

    [Fact]
    public async Task Http2_goes_to_kestrel()
    {
        await using UpgradeHost host = await UpgradeHost.StartAsync(static builder => builder.WebHost.ConfigureKestrel(static kestrel =>
            kestrel.ConfigureEndpointDefaults(static endpoint => endpoint.Protocols = HttpProtocols.Http2)), listen: false);
        using var client = new HttpClient();

        using HttpResponseMessage answer = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{host.Port}/way")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        });

        answer.Version.ShouldBe(HttpVersion.Version20);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("kestrel");
    }

    [Theory]
    [InlineData("urls", "http://127.0.0.1:0")]
    [InlineData("Kestrel:Endpoints:One:Url", "http://127.0.0.1:0")]
    [InlineData("urls", "http://[::1]:0")]
    public async Task Endpoints_from_settings_hold_upgrades_too(string setting, string value)
    {
        await using UpgradeHost host = await UpgradeHost.StartAsync(
            builder => builder.Configuration.AddInMemoryCollection([new(setting, value)]), listen: false);
        using var client = new ClientWebSocket();

        string address = value.Contains("::1", StringComparison.Ordinal) ? "[::1]" : "127.0.0.1";
        await client.ConnectAsync(new Uri($"ws://{address}:{host.Port}/ws"), default);

        (await host.NextAsync()).IsHeld.ShouldBeTrue();
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
    }

    [Fact]
    public async Task Endpoint_behind_a_path_base_is_held()
    {
        await using UpgradeHost host = await UpgradeHost.StartAsync(use: static application =>
        {
            application.UsePathBase("/base");
            application.UseRouting();
        });
        using RawClient client = await RawClient.ConnectAsync(host.Port, request: RawClient.Upgrade("/base/ws"));

        client.Handshake.ShouldStartWith("HTTP/1.1 101");
        (await host.NextAsync()).IsHeld.ShouldBeTrue();
    }

    [Fact]
    public async Task Requests_and_handlers_have_no_part_in_the_activity_that_started_the_host()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "Microsoft.AspNetCore",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        using Activity starting = new Activity("start").Start();
        var seen = new TaskCompletionSource<Activity?>();
        await using UpgradeHost host = await UpgradeHost.StartAsync(use: application => application.Use((context, next) =>
        {
            seen.TrySetResult(Activity.Current);
            return next(context);
        }));
        using RawClient client = await RawClient.ConnectAsync(host.Port);
        UpgradeHost.Accepted accepted = await host.NextAsync();

        await client.SendAsync(ClientFrames.Text("hello"));
        await client.ReadTextAsync();

        Activity? request = await seen.Task;
        request.ShouldNotBeNull().ParentId.ShouldBeNull();
        accepted.ActivityOfMessages.ShouldBeNull();
        accepted.IsHeld.ShouldBeTrue();
    }

    [Fact]
    public async Task Address_in_use_is_told_as_kestrel_tells_it()
    {
        await using UpgradeHost host = await UpgradeHost.StartAsync();

        await Should.ThrowAsync<IOException>(UpgradeHost.StartAsync(
            builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, host.Port)), listen: false));
    }

    private sealed class Scoped(TaskCompletionSource disposed) : IDisposable
    {
        public void Dispose() => disposed.TrySetResult();
    }

    private sealed class KeyAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            Request.Headers.Authorization is [{ Length: > 0 } name]
                ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "key")), "key"))
                : AuthenticateResult.NoResult());
    }
}
