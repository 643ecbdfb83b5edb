using System.CommandLine;
using Carillon.Hubs;
using Carillon.Server.Serving;
using Carillon.Server.Settings;
using Microsoft.Extensions.Configuration;
using Shouldly;
using Xunit;

namespace Carillon.Server.Tests;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("Port", "70000")]
    [InlineData("Port", "-1")]
    [InlineData("Port", "http")]
    [InlineData("Host", "everywhere")]
    [InlineData("Database", "")]
    [InlineData("UnknownTopics", "Maybe")]
    [InlineData("UnknownTopics", "7")]
    [InlineData("Monitoring", "Friends")]
    [InlineData("Engine", "Cloud")]
    [InlineData("RequireIds", "perhaps")]
    [InlineData("MaxTopics", "0")]
    [InlineData("MaxSubscriptions", "0")]
    [InlineData("MaxPayloadBytes", "0")]
    [InlineData("MaxPayloadBytes", "600000")]
    [InlineData("DedupeWindow", "00:09:59")]
    [InlineData("DedupeWindow", "soon")]
    [InlineData("DedupeWindow", "10")]
    [InlineData("Retention:MaxAge", "3600")]
    [InlineData("Retention", "all")]
    [InlineData("MaxTopics", "99999999999")]
    [InlineData("Retention:MaxAge", "-1.00:00:00")]
    [InlineData("Retention:MaxCount", "0")]
    [InlineData("Retention:MaxBytes", "0")]
    [InlineData("Topics:0:Name", "$reserved")]
    [InlineData("Topics:0:Retention:MaxCount", "0")]
    [InlineData("AllowedOrigins:0", "example.org/path")]
    [InlineData("AllowedOrigins:0", "https://user@example.org")]
    [InlineData("Sqlite:Synchronous", "Normal")]
    [InlineData("Sqlite:MinFreeDiskBytes", "-1")]
    [InlineData("SocketIO:PingInterval", "00:00:00")]
    [InlineData("SocketIO:PingTimeout", "00:00:00")]
    [InlineData("Prot", "5000")]
    [InlineData("Sqlite:Sync", "Full")]
    [InlineData("Topics:0:Retain", "1")]
    [InlineData("Topics:0:Retention:Max", "1")]
    public void Read_a_wrong_setting_is_refused_by_name(string key, string value)
    {
        (ServerSettings? settings, IReadOnlyList<string> problems) = Read(new() { [$"Carillon:{key}"] = value });

        settings.ShouldBeNull();
        string all = string.Join('\n', problems);
        foreach (string part in key.Split(':').Where(part => !int.TryParse(part, out _)))
        {
            all.ShouldContain(part);
        }
    }

    [Fact]
    public void Read_a_section_that_is_no_section_is_refused()
    {
        (_, IReadOnlyList<string> problems) = Read(new() { ["Carillon"] = "5" });

        problems.ShouldBe(["Carillon must hold settings, but is '5'"]);
    }

    [Fact]
    public void Read_a_name_that_is_none_is_told_which_there_are()
    {
        (_, IReadOnlyList<string> problems) = Read(new() { ["Carillon:Monitoring"] = "no" });

        problems.ShouldBe(["Carillon:Monitoring must be one of Anyone, Loopback, Off, but is 'no'"]);
    }

    [Fact]
    public void Read_nothing_given_is_every_default()
    {
        (ServerSettings? settings, _) = Read([]);

        settings.ShouldNotBeNull().Port.ShouldBe(5000);
        settings.Host.ShouldBe("0.0.0.0");
        settings.Database.ShouldBe("pubsub.db");
        settings.UnknownTopics.ShouldBe(UnknownTopics.Create);
    }

    [Fact]
    public void Read_all_problems_are_told_at_once()
    {
        (_, IReadOnlyList<string> problems) = Read(new() { ["Carillon:Port"] = "-1", ["Carillon:Host"] = "x", ["Carillon:MaxTopics"] = "0" });

        problems.Count.ShouldBe(3);
    }

    [Fact]
    public void Given_options_become_configuration_keys()
    {
        ParseResult parsed = ServeCommand.Create().Parse(["--port", "5001", "--unknown-topics", "reject", "--require-ids", "--retention-max-count", "10"]);

        parsed.Errors.ShouldBeEmpty();
        Dictionary<string, string?> given = ServeOption.Given(parsed);
        (ServerSettings? settings, _) = Read(given);
        settings.ShouldNotBeNull().Port.ShouldBe(5001);
        settings.UnknownTopics.ShouldBe(UnknownTopics.Reject);
        settings.RequireIds.ShouldBeTrue();
        settings.Retention.MaxCount.ShouldBe(10);
        given.Count.ShouldBe(4);
    }

    [Fact]
    public void Every_option_sets_a_setting_that_exists()
    {
        foreach (ServeOption option in ServeOption.All)
        {
            (_, IReadOnlyList<string> problems) = Read(new() { [option.Key] = "1" });

            problems.ShouldNotContain(problem => problem.Contains("is unknown", StringComparison.Ordinal), option.Key);
        }
    }

    private static (ServerSettings? Settings, IReadOnlyList<string> Problems) Read(Dictionary<string, string?> values) =>
        SettingsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
}
