using Carillon.Errors;
using Carillon.Publishing;
using Shouldly;
using Xunit;

namespace Carillon.Engines.Conformance;

public abstract partial class TopicEngineConformance
{
    [Fact]
    public async Task Status_is_ready_after_the_start_and_not_after_disposal()
    {
        (await StartAsync()).ShouldBeEmpty();
        Engine.Status.Ready.ShouldBeTrue();
        Engine.Status.Reason.ShouldBeNull();
        await Engine.DisposeAsync();
        Engine.Status.Ready.ShouldBeFalse();
        Engine.Status.Reason.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Publish_after_disposal_is_refused_as_unavailable()
    {
        await StartAsync();
        await AcceptAsync(Alpha);
        await Engine.DisposeAsync();
        PublishResult result = await PublishAsync(Alpha);
        result.Accepted.ShouldBeFalse();
        result.Error!.Code.ShouldBe(ErrorCode.Unavailable);
        (await Engine.CreateAsync(new StoredTopic(Beta), CancellationToken.None))!.Code.ShouldBe(ErrorCode.Unavailable);
    }

    [Fact]
    public async Task Dispose_finishes_what_was_accepted_and_refuses_the_rest()
    {
        await StartAsync();
        Task<PublishResult>[] before = [.. Enumerable.Range(0, 500).Select(i => PublishAsync(Alpha, $"before-{i}"))];
        Task<PublishResult>[] during = [.. Enumerable.Range(0, 8).Select(i => Task.Run(() => PublishAsync(Alpha, $"during-{i}")))];
        await Engine.DisposeAsync();

        PublishResult[] results = [.. await Task.WhenAll(before), .. await Task.WhenAll(during)];
        results.Take(before.Length).ShouldAllBe(result => result.Accepted);
        results.Where(result => !result.Accepted).ShouldAllBe(result => result.Error!.Code == ErrorCode.Unavailable);
        int accepted = results.Count(result => result.Accepted);
        await Sink.ReachesAsync(accepted);
        Sink.Of(Alpha).Select(message => message.Offset).ShouldBe(Gapless(accepted));
    }

    [Fact]
    public async Task Dispose_twice_is_harmless()
    {
        await StartAsync();
        await AcceptAsync(Alpha);
        await Task.WhenAll(Engine.DisposeAsync().AsTask(), Engine.DisposeAsync().AsTask());
        await Engine.DisposeAsync();
    }

    [Fact]
    public async Task Dispose_of_an_engine_that_never_started_is_harmless()
    {
        ITopicEngine engine = CreateEngine(new EngineOptions(), Time);
        engine.Status.Ready.ShouldBeFalse();
        (await engine.PublishAsync(Request(Alpha, null), CancellationToken.None)).Error!.Code.ShouldBe(ErrorCode.Unavailable);
        await ReleaseAsync(engine);
    }
}
