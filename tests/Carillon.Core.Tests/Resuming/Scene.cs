using System.Security.Claims;
using Carillon.Access;
using Carillon.Consumers.InMemory;
using Carillon.Deliveries;
using Carillon.Engines.Conformance;
using Carillon.Errors;
using Carillon.Hubs;
using Carillon.Publishing;
using Carillon.Resuming;
using Carillon.Sessions;
using Carillon.Tests.Hubs;
using Carillon.Topics;
using Carillon.Topics.Filters;
using Shouldly;

namespace Carillon.Tests.Resuming;

/// <summary>A hub in which a test decides how far each part is.</summary>
internal sealed class Scene : IAsyncDisposable
{
    private static readonly TopicName End = TopicName.Create("end");

    private readonly GatedSubscriber _watch = new();

    // Its payload's characters are a message's words.
    private static readonly ITopicFilter Letters = TopicFilter.Custom(static message => System.Text.Encoding.UTF8.GetString(message.Payload.Span).Trim('"').Select(static letter => $"{letter}"));

    private Scene(Hub hub, GatedEngine engine, HangingAccess access)
    {
        Hub = hub;
        Engine = engine;
        Access = access;
    }

    public Hub Hub { get; }

    public GatedEngine Engine { get; }

    /// <summary>Of the topic <c>slow.down</c>.</summary>
    public HangingAccess Access { get; }

    public static async Task<Scene> BeginAsync()
    {
        var access = new HangingAccess();
        var options = new HubOptions
        {
            Topics =
            [
                new Topic { Name = TopicName.Create("a.last"), RetainLast = true },
                new Topic { Name = TopicName.Create("a.guarded"), Subscribers = TopicAccess.Authenticated },
                new Topic { Name = TopicName.Create("slow.down"), Subscribers = access },
                new Topic { Name = TopicName.Create("letters"), Filters = [Letters] },
            ],
        };
        var engine = new GatedEngine();
        var scene = new Scene(new Hub(options, engine, new InMemoryConsumerStore(), TimeProvider.System), engine, access);
        await scene.Hub.StartAsync(CancellationToken.None);
        (await scene.Hub.OpenSession("watch").SubscribeAsync([End], null, scene._watch, CancellationToken.None)).ShouldBeNull();
        return scene;
    }

    public ValueTask DisposeAsync() => Hub.DisposeAsync();

    public async Task PublishAsync(string topic, params string[] payloads)
    {
        foreach (string payload in payloads)
        {
            var request = new PublishRequest { Topic = TopicName.Create(topic), Payload = System.Text.Encoding.UTF8.GetBytes($"\"{payload}\""), Requester = Requester.Application };
            (await Hub.PublishAsync(request, CancellationToken.None)).Accepted.ShouldBeTrue();
        }
    }

    public Task PublishAsync(string topic, int count) => PublishAsync(topic, [.. Enumerable.Repeat("x", count)]);

    /// <summary>Completes when everything published before has been fanned out.</summary>
    public async Task FanOutAsync()
    {
        int before = _watch.Offsets.Count;
        await PublishAsync(End.Value, 1);
        await Eventually.HoldsAsync(() => _watch.Offsets.Count > before, "fan-out is through");
    }

    public static Task<SubscribeResult> SubscribeAsync(Session session, ISubscriber subscriber, Since? since, params string[] topics) =>
        SubscribeAsync(session, subscriber, since, requester: null, topics);

    public static async Task<SubscribeResult> SubscribeAsync(Session session, ISubscriber subscriber, Since? since, Requester? requester, params string[] topics)
    {
        var request = new SubscribeRequest { Topics = [.. topics.Select(topic => new WantedTopic(TopicName.Create(topic), since))], Subscriber = subscriber, Requester = requester };
        SubscribeResult result = await session.SubscribeAsync(request, CancellationToken.None);
        result.Error.ShouldBeNull();
        return result;
    }

    public static Requester Who(string name, Token token)
    {
        var user = new ClaimsPrincipal(new ClaimsIdentity([new System.Security.Claims.Claim(ClaimTypes.Name, name)], "test"));
        return new Requester(user, null, [new VerifiedToken(user, null, token)]);
    }

    internal sealed class Token : ITokenStatus
    {
        private volatile bool _isRevoked;

        public bool IsRevoked
        {
            get => _isRevoked;
            set => _isRevoked = value;
        }
    }

    /// <summary>Lets everyone in, at once until it is made to hang.</summary>
    internal sealed class HangingAccess : TopicAccess
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile TaskCompletionSource? _answer;

        public Task Asked => _asked.Task.WaitAsync(TimeSpan.FromSeconds(30));

        public TaskCompletionSource Hang() => _answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async ValueTask<Error?> CheckAsync(AccessRequest request, CancellationToken cancellationToken)
        {
            if (_answer is { } answer)
            {
                _asked.TrySetResult();
                await answer.Task.WaitAsync(cancellationToken);
            }

            return null;
        }
    }
}
