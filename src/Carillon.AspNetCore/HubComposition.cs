using Carillon.Access;
using Carillon.AspNetCore.Hosting;
using Carillon.Connections;
using Carillon.Connections.Origins;
using Carillon.Engines;
using Carillon.Hubs;
using Carillon.SocketIO;
using Carillon.Topics;
using Microsoft.Extensions.Options;

namespace Carillon.AspNetCore;

/// <summary>What a hub is composed of, until it is mounted. Not thread-safe.</summary>
public sealed class HubComposition
{
    private readonly List<Topic> _topics = [];
    private readonly List<PolicyAccess> _policies = [];
    private readonly IServiceProvider _services;

    internal HubComposition(string route, IServiceProvider services)
    {
        _services = services;
        Name = HubName.OfRoute(route);
    }

    /// <summary>
    /// The hub's name, unique in the application: 1 to 64 lower-case letters, digits, '-' and '_'. By it the hub is found, its metrics are labelled and its storage is named, so that it should
    /// stay when the route changes. Default: the route with '-' for each slash within, <c>root</c> for <c>/</c>.
    /// </summary>
    public string Name { get; set; }

    /// <summary>Where its protocols are, below the route that it is mounted on.</summary>
    public HubRoutes Routes { get; set; } = new();

    /// <summary>
    /// The hub's settings; <see cref="HubOptions.Name"/> and <see cref="HubOptions.Topics"/> are taken from here. Default: only topics that were added exist, and nobody monitors.
    /// Who changes something writes <c>hub.Options with { … }</c>.
    /// </summary>
    public HubOptions Options { get; set; } = new() { UnknownTopics = UnknownTopics.Closed, Monitors = TopicAccess.Nobody };

    /// <summary>Its engine's settings. The retention of topics that are added here is taken from them.</summary>
    public EngineOptions Engine { get; set; } = new();

    /// <summary>
    /// Settings of its Socket.IO server; allowed origins are taken from <see cref="AllowedOrigins"/>. A client that is recovered is asked who it is like any other, whatever
    /// <see cref="Carillon.SocketIO.Recovery.ConnectionStateRecoveryOptions.SkipMiddlewares"/> says.
    /// </summary>
    public SocketIOOptions SocketIO { get; set; } = new();

    /// <summary>
    /// Origins of other sites whose pages may connect: <c>https://example.org</c>, <c>*.example.org</c> for all names below, or <c>*</c> for any. Default none: pages of the server's own
    /// host, and programs, which send no origin. It does not concern publishing by HTTP and the API: there browsers ask by CORS, which is the application's.
    /// </summary>
    public IReadOnlyList<string> AllowedOrigins { get; set; } = [];

    /// <summary>Adds a topic.</summary>
    /// <exception cref="ArgumentException">There is one of that name.</exception>
    public HubComposition AddTopic(Topic topic)
    {
        ArgumentNullException.ThrowIfNull(topic);
        if (_topics.Exists(other => other.Name == topic.Name))
        {
            throw new ArgumentException($"The hub has a topic '{topic.Name}' already", nameof(topic));
        }

        _topics.Add(topic);
        return this;
    }

    /// <summary>Adds a topic that is composed of one open to everyone: <c>hub.AddTopic("orders", topic => topic with { Publishers = TopicAccess.ApiKeys("shop") })</c>.</summary>
    /// <exception cref="ArgumentException">The name is none, or there is a topic of that name.</exception>
    public HubComposition AddTopic(string name, Func<Topic, Topic>? compose = null)
    {
        Topic topic = Topic.Echo(name);
        return AddTopic(compose is null ? topic : compose(topic));
    }

    /// <summary>
    /// Those whom an authorization policy of the application lets in, with the <see cref="AccessRequest"/> as its resource. A policy that does not exist stops the start.
    /// </summary>
    public TopicAccess Policy(string name)
    {
        var policy = new PolicyAccess(name, _services);
        _policies.Add(policy);
        return policy;
    }

    internal IReadOnlyList<PolicyAccess> Policies => _policies;

    /// <summary>The topics and the name with the settings.</summary>
    internal HubOptions HubOptions => Options with { Name = Name, Topics = [.. _topics] };

    /// <summary>The topics' retention with the engine's settings.</summary>
    internal EngineOptions EngineOptions
    {
        get
        {
            var retention = new Dictionary<TopicName, Retention>(Engine.TopicRetention);
            foreach (Topic topic in _topics.Where(static topic => topic.Retention is not null))
            {
                retention[topic.Name] = topic.Retention!;
            }

            return Engine with { TopicRetention = retention };
        }
    }

    /// <summary>The origins with the settings of Socket.IO.</summary>
    internal SocketIOOptions SocketIOOptions => SocketIO with { AllowedOrigins = AllowedOrigins };

    /// <summary>Throws an <see cref="OptionsValidationException"/> that names the wrong setting.</summary>
    internal void Validate()
    {
        SettingCheck.Require<HubComposition>(HubName.IsName(Name), nameof(Name), "1 to 64 lower-case letters, digits, '-' and '_', beginning with a letter or digit");
        SettingCheck.Require<HubComposition>(Options is not null, nameof(Options), "given");
        SettingCheck.Require<HubComposition>(Options!.Topics.Count == 0, $"{nameof(Options)}.{nameof(Options.Topics)}", "empty: topics are added with AddTopic");
        SettingCheck.Require<HubComposition>(Engine is not null, nameof(Engine), "given");
        SettingCheck.Require<HubComposition>(SocketIO is { AllowedOrigins.Count: 0 }, $"{nameof(SocketIO)}.{nameof(SocketIO.AllowedOrigins)}", "empty: the hub's own are taken");
        SettingCheck.Require<HubComposition>(
            AllowedOrigins is not null && AllowedOrigins.All(OriginAllowList.IsEntry),
            nameof(AllowedOrigins),
            "a list of \"*\", origins such as https://example.org, or names such as *.example.org");
        SettingCheck.Require<HubComposition>(Routes is not null, nameof(Routes), "given");
        Routes!.Validate();
    }
}
