using System.Net;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Carillon.Access;
using Carillon.Consumers.InMemory;
using Carillon.Engines;
using Carillon.Engines.Conformance;
using Carillon.Engines.InMemory;
using Carillon.Errors;
using Carillon.Hubs;
using Carillon.Publishing;
using Carillon.Tests.Hubs;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Publishing;

public sealed class ApplicationPublishTests : IAsyncLifetime
{
    private static readonly TopicName Notices = TopicName.Create("notices");
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    private Hub _hub = null!;

    public async ValueTask InitializeAsync()
    {
        var rate = new PublishRate { Messages = 1, Per = TimeSpan.FromHours(1) };
        var time = new ManualTimeProvider();
        var options = new HubOptions
        {
            Topics =
            [
                new Topic { Name = Notices, Publishers = TopicAccess.Nobody, Subscribers = TopicAccess.Nobody, Rate = rate },
                new Topic { Name = TopicName.Create("rated"), Rate = rate },
            ],
        };
        _hub = new Hub(options, new InMemoryTopicEngine(new EngineOptions(), time), new InMemoryConsumerStore(), time);
        await _hub.StartAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task Application_publishes_and_subscribes_to_what_is_for_nobody_and_is_not_rated()
    {
        var subscriber = new RecordingSubscriber(new RecordingSubscriber.CountingFormat());
        (await _hub.OpenSession("s", Requester.Application).SubscribeAsync([Notices], null, subscriber, CancellationToken.None)).ShouldBeNull();

        for (int i = 0; i < 3; i++)
        {
            (await _hub.PublishAsync(Create(i), CancellationToken.None)).Error.ShouldBeNull();
        }

        await subscriber.WaitAsync(3);
    }

    [Fact]
    public async Task Create_on_behalf_of_somebody_has_his_rights_only()
    {
        (await _hub.PublishAsync(Create(1).For(Requester.Anonymous), CancellationToken.None)).Error.ShouldNotBeNull().Code.ShouldBe(ErrorCode.Forbidden);
        (await _hub.PublishAsync(Create(1).For(Requester.Application.WithoutUser()), CancellationToken.None)).Accepted.ShouldBeFalse();
    }

    [Fact]
    public void Create_writes_compact_json_whatever_the_options_say()
    {
        PublishRequest request = Create(new Dictionary<string, object> { ["a"] = new[] { 1, 2 }, ["b"] = "ü \"" });
        Encoding.UTF8.GetString(request.Payload.Span).ShouldBe("""{"a":[1,2],"b":"\u00FC \u0022"}""");
        request.Requester.ShouldBe(Requester.Application);
    }

    [Fact]
    public void Create_takes_no_raw_json_that_is_malformed_or_names_a_key_twice()
    {
        Should.Throw<ArgumentException>(() => Create(new Raw("""{"a":1,"a":2}"""))).Message.ShouldContain("twice");
        Should.Throw<ArgumentException>(() => Create(new Raw("1,2")));
        Encoding.UTF8.GetString(Create(new Raw("[1, 2]")).Payload.Span).ShouldBe("[1,2]");
        Should.Throw<ArgumentException>(() => PublishRequest.Create(Notices, 1, TypeOf<int>(), messageId: string.Empty));
    }

    [Fact]
    public async Task Rate_counts_those_of_the_same_name_by_different_ways_of_authentication_apart()
    {
        (await PublishAsync("till", TokenTypes.ApiKey)).ShouldBeNull();
        (await PublishAsync("till", "Bearer")).ShouldBeNull();
        (await PublishAsync("till", TokenTypes.ApiKey)).ShouldNotBeNull().Code.ShouldBe(ErrorCode.RateLimited);
        (await PublishAsync("127.0.0.1", "Bearer")).ShouldBeNull();
        (await PublishAsync(null, null)).ShouldBeNull();
        (await PublishAsync(null, null)).ShouldNotBeNull();
    }

    private async Task<Error?> PublishAsync(string? name, string? authenticationType)
    {
        var identity = new ClaimsIdentity(name is null ? [] : [new Claim(ClaimTypes.Name, name)], authenticationType);
        var requester = new Requester(new ClaimsPrincipal(identity), IPAddress.Loopback);
        return (await _hub.PublishAsync(PublishRequest.Create(TopicName.Create("rated"), 1, TypeOf<int>()).For(requester), CancellationToken.None)).Error;
    }

    private static PublishRequest Create<T>(T value) => PublishRequest.Create(Notices, value, TypeOf<T>());

    private static JsonTypeInfo<T> TypeOf<T>() => (JsonTypeInfo<T>)Indented.GetTypeInfo(typeof(T));

    [System.Text.Json.Serialization.JsonConverter(typeof(RawConverter))]
    private sealed record Raw(string Json);

    private sealed class RawConverter : System.Text.Json.Serialization.JsonConverter<Raw>
    {
        public override Raw Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, Raw value, JsonSerializerOptions options) => writer.WriteRawValue(value.Json, skipInputValidation: true);
    }
}
