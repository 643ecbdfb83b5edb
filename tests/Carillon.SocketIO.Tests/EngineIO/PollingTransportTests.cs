using Carillon.Connections;
using Carillon.SocketIO.EngineIO;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.EngineIO;

public sealed class PollingTransportTests
{
    [Fact]
    public async Task Frames_that_were_queued_before_the_end_go_before_it()
    {
        var polling = new PollingTransport();
        var outbox = new Outbox(new OutboxOptions());
        outbox.Attach(polling);
        polling.TryBegin().ShouldBeTrue();

        // A poll has found the outbox empty, and does not wait yet.
        outbox.TryEnqueue(Frame.FromText("41"u8)).ShouldBeTrue();
        outbox.Close();
        polling.Finish(PollAnswer.Close);

        (await polling.WaitAsync(outbox)).ShouldBe(PollAnswer.Frames);
        outbox.Take(new Frame[1]).ShouldBe(1);
        (await polling.WaitAsync(outbox)).ShouldBe(PollAnswer.Close);
    }
}
