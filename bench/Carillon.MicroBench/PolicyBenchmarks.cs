using System.Security.Claims;
using BenchmarkDotNet.Attributes;
using Carillon.Access;
using Carillon.AspNetCore;
using Carillon.Consumers.InMemory;
using Carillon.Engines;
using Carillon.Engines.InMemory;
using Carillon.Hubs;
using Carillon.Publishing;
using Carillon.Specs;
using Carillon.Topics;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.MicroBench;

/// <summary>
/// What each policy of a topic costs a publish: all that happens before the engine has it. A topic for anyone has none; what a policy costs is the difference to it.
/// </summary>
[MemoryDiagnoser]
public class PolicyBenchmarks
{
    private const int Bytes = 128;

    // More than can be published in a second, so that the bucket is asked and never empty.
    private static readonly PublishRate Plenty = new() { Messages = 1_000_000_000 };

    private static readonly TopicAccess AllOfThree = TopicAccess.All(TopicAccess.Authenticated, TopicAccess.Role("clerk"), TopicAccess.Claim("shop"));

    private static readonly AppendedFields Time = new(AppendedField.ServerTime("time"));

    private static readonly JsonSchemaSpec Schema = JsonSchemaSpec.Parse(
        """{"type":"object","properties":{"seq":{"type":"string","maxLength":10},"text":{"type":"string","maxLength":4000}},"required":["seq","text"],"additionalProperties":false}""");

    private static readonly FieldSpec Fields = FieldSpec.Parse(new Dictionary<string, string> { ["seq"] = "string", ["text"] = "string" });

    private static readonly (string Name, Func<Topic, IServiceProvider, Topic> Compose)[] All =
    [
        ("anyone", static (topic, _) => topic),
        ("authenticated", static (topic, _) => topic with { Publishers = TopicAccess.Authenticated }),
        ("API key", static (topic, _) => topic with { Publishers = TopicAccess.ApiKeys("till") }),
        ("role", static (topic, _) => topic with { Publishers = TopicAccess.Role("clerk") }),
        ("claim", static (topic, _) => topic with { Publishers = TopicAccess.Claim("shop", "17") }),
        ("any of three", static (topic, _) => topic with { Publishers = TopicAccess.Any(TopicAccess.Role("admin"), TopicAccess.ApiKeys("shop"), TopicAccess.Role("clerk")) }),
        ("all of three", static (topic, _) => topic with { Publishers = AllOfThree }),
        ("application's policy", static (topic, services) => topic with { Publishers = services.GetTopicPolicy("clerks") }),
        ("spec of fields", static (topic, _) => topic with { Spec = Fields }),
        ("JSON Schema", static (topic, _) => topic with { Spec = Schema }),
        ("appended field", static (topic, _) => topic with { Appended = Time }),
        ("rate", static (topic, _) => topic with { Rate = Plenty }),
        ("four together", static (topic, _) => topic with { Publishers = AllOfThree, Spec = Schema, Appended = Time, Rate = Plenty }),
    ];

    private ServiceProvider? _services;
    private Hub? _hub;
    private PublishRequest _request = null!;

    /// <summary>The topic's policy.</summary>
    [ParamsSource(nameof(Policies))]
    public string Policy { get; set; } = "";

    /// <summary>All of them.</summary>
    public static IEnumerable<string> Policies => All.Select(static policy => policy.Name);

    /// <summary>Makes a hub with that topic, and a publisher whom it lets in.</summary>
    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _services = new ServiceCollection().AddLogging()
            .AddAuthorization(static options => options.AddPolicy("clerks", static policy => policy.RequireRole("clerk"))).BuildServiceProvider();
        Topic topic = Array.Find(All, policy => policy.Name == Policy).Compose(Topic.Echo("orders"), _services);
        _hub = new Hub(new HubOptions { Topics = [topic] }, new InMemoryTopicEngine(new EngineOptions(), TimeProvider.System), new InMemoryConsumerStore(), TimeProvider.System);
        await _hub.StartAsync(CancellationToken.None);

        Claim[] claims = [new(ClaimTypes.Name, "till"), new(ClaimTypes.Role, "clerk"), new("shop", "17")];
        var publisher = new Requester(new ClaimsPrincipal(new ClaimsIdentity(claims, TokenTypes.ApiKey)));
        _request = new PublishRequest { Topic = topic.Name, Requester = publisher, Payload = Samples.Payload(Bytes) };
        if ((await Admit()).Error is { } error)
        {
            throw new InvalidOperationException($"{Policy}: {error.Message}");
        }
    }

    /// <summary>Ends it.</summary>
    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        await _hub!.DisposeAsync();
        await _services!.DisposeAsync();
    }

    /// <summary>Decides whether the publish may go to the engine, and with which payload.</summary>
    [Benchmark]
    public ValueTask<Admission> Admit() => _hub!.AdmitAsync(_request, CancellationToken.None);
}
