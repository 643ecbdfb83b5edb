using System.Reflection;
using Carillon.Connections;
using Carillon.SocketIO.Cluster;
using Carillon.SocketIO.EngineIO;
using Carillon.SocketIO.Recovery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.EngineIO;

public sealed class ConfigurationTests
{
    [Fact]
    public void Every_setting_is_bound_from_configuration()
    {
        WebApplicationBuilder builder = Builder(
            ("PingInterval", "00:00:05"),
            ("PingTimeout", "00:00:03"),
            ("UpgradeTimeout", "00:00:02"),
            ("PauseTimeout", "00:00:04"),
            ("ConnectTimeout", "00:00:07"),
            ("MaxHttpBufferSize", "5000"),
            ("MaxBinaryAttachments", "3"),
            ("Transports:0", "WebSocket"),
            ("AllowUpgrades", "false"),
            ("AllowedOrigins:0", "https://example.org"),
            ("AllowedOrigins:1", "https://example.net"),
            ("Cookie:Name", "sid"),
            ("Cookie:SameSite", "Strict"),
            ("Cookie:Secure", "true"),
            ("Cookie:MaxAge", "01:00:00"),
            ("HttpCompression:Threshold", "10"),
            ("Outbox:MaxFrames", "7"),
            ("CloseWhenApplicationStops", "false"));
        builder.Services.AddSocketIO(builder.Configuration.GetSection("SocketIO"));

        SocketIOOptions options = Mapped(builder);

        options.PingInterval.ShouldBe(TimeSpan.FromSeconds(5));
        options.PingTimeout.ShouldBe(TimeSpan.FromSeconds(3));
        options.UpgradeTimeout.ShouldBe(TimeSpan.FromSeconds(2));
        options.PauseTimeout.ShouldBe(TimeSpan.FromSeconds(4));
        options.ConnectTimeout.ShouldBe(TimeSpan.FromSeconds(7));
        options.MaxHttpBufferSize.ShouldBe(5000);
        options.MaxBinaryAttachments.ShouldBe(3);
        options.Transports.ShouldBe(SocketIOTransports.WebSocket);
        options.AllowUpgrades.ShouldBeFalse();
        options.AllowedOrigins.ShouldBe(["https://example.org", "https://example.net"]);
        options.Cookie.ShouldBe(new EngineCookieOptions { Name = "sid", SameSite = SameSiteMode.Strict, Secure = true, MaxAge = TimeSpan.FromHours(1) });
        options.HttpCompression.ShouldBe(new HttpCompressionOptions { Threshold = 10 });
        options.Outbox.MaxFrames.ShouldBe(7);
        options.CloseWhenApplicationStops.ShouldBeFalse();
    }

    [Theory]
    [InlineData(null, typeof(SocketIOOptions))]
    [InlineData("Cookie", typeof(EngineCookieOptions))]
    [InlineData("HttpCompression", typeof(HttpCompressionOptions))]
    [InlineData("Outbox", typeof(OutboxOptions))]
    [InlineData("ConnectionStateRecovery", typeof(ConnectionStateRecoveryOptions))]
    public void No_setting_is_forgotten(string? section, Type options)
    {
        WebApplicationBuilder builder = Builder((section is null ? "?" : section + ":?", "1"));
        builder.Services.AddSocketIO(builder.Configuration.GetSection("SocketIO"));

        string message = Should.Throw<OptionsValidationException>(() => Mapped(builder)).Message;

        foreach (PropertyInfo property in options.GetProperties().Where(property => property.CanWrite && !IsCode(property.PropertyType)))
        {
            message.ShouldContain(property.Name);
        }

        static bool IsCode(Type type) => type.IsAssignableTo(typeof(Delegate)) || type == typeof(System.Text.Json.JsonSerializerOptions) || type == typeof(IClusterTransport);
    }

    [Theory]
    [InlineData("PingInterval", "0", "PingInterval")]
    [InlineData("PingInterval", "25000", "PingInterval")]
    [InlineData("PingInterval", "24.20:31:23", "PingInterval")]
    [InlineData("PingInterval:0", "00:00:25", "PingInterval")]
    [InlineData("Transports:0", "foo", "Transports")]
    [InlineData("Cookie:SameSite:0", "Lax", "SameSite")]
    [InlineData("PingTimeout", "soon", "PingTimeout")]
    [InlineData("UpgradeTimeout", "-00:00:01", "UpgradeTimeout")]
    [InlineData("PauseTimeout", "0", "PauseTimeout")]
    [InlineData("ConnectTimeout", "00:00:00", "ConnectTimeout")]
    [InlineData("MaxHttpBufferSize", "0", "MaxHttpBufferSize")]
    [InlineData("MaxBinaryAttachments", "-1", "MaxBinaryAttachments")]
    [InlineData("Transports", "None", "Transports")]
    [InlineData("Transports", "Pigeon", "Transports")]
    [InlineData("AllowedOrigins:0", "example.org", "AllowedOrigins")]
    [InlineData("AllowedOrigins:0", "https://example.org?y", "AllowedOrigins")]
    [InlineData("AllowedOrigins:1", "https://user@example.org", "AllowedOrigins")]
    [InlineData("Cookie:Name", "a b", "Name")]
    [InlineData("Cookie:Path", "there", "Path")]
    [InlineData("HttpCompression:Threshold", "-1", "Threshold")]
    [InlineData("Outbox:MaxBytes", "0", "MaxBytes")]
    [InlineData("PingIntervall", "00:00:05", "PingIntervall")]
    [InlineData("ConnectionStateRecovery", "true", "ConnectionStateRecovery")]
    [InlineData("HttpCompression", "true", "HttpCompression")]
    [InlineData("Cookie", "io", "Cookie")]
    [InlineData("Cookie", "", "Cookie")]
    [InlineData("Outbox", "5", "Outbox")]
    public async Task Wrong_setting_stops_the_start_and_is_named(string key, string value, string named)
    {
        WebApplicationBuilder builder = Builder((key, value));
        builder.Services.AddSocketIO(builder.Configuration.GetSection("SocketIO"));

        Should.Throw<OptionsValidationException>(() => Mapped(builder)).Message.ShouldContain(named);

        WebApplicationBuilder unmapped = Builder((key, value));
        unmapped.Services.AddSocketIO(unmapped.Configuration.GetSection("SocketIO"));
        await using WebApplication application = unmapped.Build();
        (await Should.ThrowAsync<OptionsValidationException>(() => application.StartAsync())).Message.ShouldContain(named);
    }

    [Theory]
    [InlineData("PingInterval", "00:00:00", "SocketIO:PingInterval must be positive.")]
    [InlineData("ConnectTimeout", "00:00:00", "SocketIO:ConnectTimeout must be positive.")]
    [InlineData("AllowedOrigins:0", "example.org", "SocketIO:AllowedOrigins must be a list of ")]
    [InlineData("Cookie:Path", "there", "SocketIO:Cookie:Path must be a path that begins with /.")]
    [InlineData("HttpCompression:Threshold", "-1", "SocketIO:HttpCompression:Threshold must be zero or positive.")]
    [InlineData("Outbox:MaxBytes", "0", "SocketIO:Outbox:MaxBytes must be at least 1.")]
    [InlineData("ConnectionStateRecovery:MaxEvents", "0", "SocketIO:ConnectionStateRecovery:MaxEvents must be at least 1.")]
    public void Wrong_setting_is_named_by_its_key_where_the_configuration_holds_it(string key, string value, string message)
    {
        WebApplicationBuilder builder = Builder((key, value));
        builder.Services.AddSocketIO(builder.Configuration.GetSection("SocketIO"));

        Should.Throw<OptionsValidationException>(() => Mapped(builder)).Message.ShouldStartWith(message);
    }

    [Fact]
    public void Section_that_is_there_and_empty_means_its_defaults()
    {
        WebApplicationBuilder builder = Builder();
        using var json = new MemoryStream("""{"SocketIO":{"connectionStateRecovery":{},"Cookie":{},"Outbox":{}}}"""u8.ToArray());
        builder.Configuration.AddJsonStream(json);
        builder.Services.AddSocketIO(builder.Configuration.GetSection("SocketIO"));

        SocketIOOptions options = Mapped(builder);

        options.ConnectionStateRecovery.ShouldBe(new ConnectionStateRecoveryOptions());
        options.Cookie.ShouldBe(new EngineCookieOptions());
        options.HttpCompression.ShouldBeNull();
        options.Outbox.ShouldBe(new OutboxOptions());
    }

    [Fact]
    public void Section_of_all_settings_that_is_a_value_stops_the_start()
    {
        WebApplicationBuilder builder = Builder();
        builder.Configuration.AddInMemoryCollection([new("SocketIO", "true")]);
        builder.Services.AddSocketIO(builder.Configuration.GetSection("SocketIO"));

        Should.Throw<OptionsValidationException>(() => Mapped(builder)).Message.ShouldBe("SocketIO must hold settings by name, but is true.");
    }

    [Fact]
    public void Wrong_setting_of_code_is_named_by_the_property_of_the_options_that_the_application_filled()
    {
        WebApplicationBuilder builder = Builder(("PingTimeout", "00:00:10"));
        builder.Services.AddSocketIO(builder.Configuration.GetSection("SocketIO"));
        builder.Services.Configure<SocketIOOptions>(static options => options.PingInterval = TimeSpan.Zero);

        Should.Throw<OptionsValidationException>(() => Mapped(builder)).Message.ShouldBe("SocketIOOptions.PingInterval must be positive.");
        Should.Throw<OptionsValidationException>(() => new EngineIOOptions { PingInterval = TimeSpan.Zero }.Validate()).Message.ShouldBe("EngineIOOptions.PingInterval must be positive.");
    }

    [Fact]
    public void Settings_of_a_bare_engine_are_bound_from_configuration_by_name_as_well()
    {
        WebApplicationBuilder builder = Builder(("PingTimeout", "00:00:01"), ("AllowedOrigins", "https://example.org"), ("Cookie:Name", "sid"), ("Outbox:MaxFrames", "7"));
        builder.Configuration.AddInMemoryCollection([new("Other:PingTimeout", "00:00:02")]);
        builder.Services.AddEngineIO(builder.Configuration.GetSection("SocketIO"));
        builder.Services.AddEngineIO(builder.Configuration.GetSection("Other"), "other");
        builder.Services.Configure<EngineIOOptions>(static options => options.AllowUpgrades = false);
        WebApplication application = builder.Build();
        EngineIOServer? unnamed = null;
        EngineIOServer? named = null;
        EngineIOServer? given = null;

        application.MapEngineIO("/engine.io", server => unnamed = server);
        application.MapEngineIO("/other", "other", server => named = server);
        application.MapEngineIO("/given", server => given = server, new EngineIOOptions());

        unnamed!.Options.PingTimeout.ShouldBe(TimeSpan.FromSeconds(1));
        unnamed.Options.AllowedOrigins.ShouldBe(["https://example.org"]);
        unnamed.Options.Cookie!.Name.ShouldBe("sid");
        unnamed.Options.Outbox.MaxFrames.ShouldBe(7);
        unnamed.Options.AllowUpgrades.ShouldBeFalse();
        named!.Options.PingTimeout.ShouldBe(TimeSpan.FromSeconds(2));
        named.Options.AllowUpgrades.ShouldBeTrue();
        given!.Options.PingTimeout.ShouldBe(TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("PingInterval", "0", "PingInterval")]
    [InlineData("AllowedOrigins:0", "https://example.org?y", "AllowedOrigins")]
    [InlineData("Cookie:Nam", "a", "Nam")]
    [InlineData("ConnectTimeout", "00:00:05", "ConnectTimeout")]
    public async Task Wrong_setting_of_a_bare_engine_stops_the_start_and_is_named(string key, string value, string named)
    {
        WebApplicationBuilder builder = Builder((key, value));
        builder.Services.AddEngineIO(builder.Configuration.GetSection("SocketIO"));
        await using WebApplication application = builder.Build();

        Should.Throw<OptionsValidationException>(() => application.MapEngineIO("/engine.io", static _ => { })).Message.ShouldContain(named);
        (await Should.ThrowAsync<OptionsValidationException>(() => application.StartAsync())).Message.ShouldContain(named);
    }

    [Fact]
    public void No_setting_of_a_bare_engine_is_forgotten()
    {
        WebApplicationBuilder builder = Builder(("?", "1"));
        builder.Services.AddEngineIO(builder.Configuration.GetSection("SocketIO"));
        WebApplication application = builder.Build();

        string message = Should.Throw<OptionsValidationException>(() => application.MapEngineIO("/engine.io", static _ => { })).Message;

        foreach (PropertyInfo property in typeof(EngineIOOptions).GetProperties().Where(static property => property.CanWrite && !property.PropertyType.IsAssignableTo(typeof(Delegate))))
        {
            message.ShouldContain(property.Name);
        }
    }

    [Fact]
    public void Settings_of_several_servers_are_told_apart_by_name()
    {
        WebApplicationBuilder builder = Builder(("PingTimeout", "00:00:01"));
        builder.Configuration.AddInMemoryCollection([new("Chat:PingTimeout", "00:00:02")]);
        builder.Services.AddSocketIO(builder.Configuration.GetSection("SocketIO"));
        builder.Services.AddSocketIO(builder.Configuration.GetSection("Chat"), "chat");
        WebApplication application = builder.Build();
        SocketIOServer? unnamed = null;
        SocketIOServer? named = null;
        SocketIOServer? given = null;

        application.MapSocketIO("/socket.io", server => unnamed = server);
        application.MapSocketIO("/chat", "chat", server => named = server);
        application.MapSocketIO("/given", server => given = server, new SocketIOOptions());

        unnamed!.Options.PingTimeout.ShouldBe(TimeSpan.FromSeconds(1));
        named!.Options.PingTimeout.ShouldBe(TimeSpan.FromSeconds(2));
        given!.Options.PingTimeout.ShouldBe(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Settings_of_the_options_system_are_used_and_checked_as_well()
    {
        WebApplicationBuilder builder = Builder(("PingTimeout", "00:00:04"));
        builder.Services.Configure<SocketIOOptions>(builder.Configuration.GetSection("SocketIO"));
        builder.Services.Configure<SocketIOOptions>(static options => options.AllowUpgrades = false);
        builder.Services.Configure<EngineIOOptions>(static options => options.MaxHttpBufferSize = 0);

        WebApplication application = builder.Build();
        SocketIOServer? server = null;

        application.MapSocketIO("/socket.io", created => server = created);

        server!.Options.PingTimeout.ShouldBe(TimeSpan.FromSeconds(4));
        server.Options.AllowUpgrades.ShouldBeFalse();
        Should.Throw<OptionsValidationException>(() => application.MapEngineIO("/engine.io", static _ => { })).Message.ShouldContain("MaxHttpBufferSize");
    }

    [Fact]
    public async Task Settings_changed_after_the_start_do_not_reach_the_server()
    {
        var options = new SocketIOOptions { AllowedOrigins = new List<string> { "https://example.org" } };
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo, options);

        options.MaxHttpBufferSize = 1;
        ((List<string>)options.AllowedOrigins).Add("*");

        application.Server.Options.MaxHttpBufferSize.ShouldBe(1_000_000);
        application.Server.Options.AllowedOrigins.ShouldBe(["https://example.org"]);
    }

    private static WebApplicationBuilder Builder(params (string Key, string Value)[] settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.Select(static pair => KeyValuePair.Create("SocketIO:" + pair.Key, (string?)pair.Value)));
        return builder;
    }

    private static SocketIOOptions Mapped(WebApplicationBuilder builder)
    {
        WebApplication application = builder.Build();
        SocketIOServer? server = null;
        application.MapSocketIO("/socket.io", created => server = created);
        return server!.Options;
    }
}
