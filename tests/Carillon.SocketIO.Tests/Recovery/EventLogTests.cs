using Carillon.Connections;
using Carillon.SocketIO.Recovery;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.Recovery;

public sealed class EventLogTests
{
    [Fact]
    public void TryRead_finds_what_a_search_from_the_beginning_would()
    {
        var random = new Random(5);
        var log = new EventLog();
        var kept = new List<RecoverableEvent>();
        long last = 0;
        long forgotten = 0;
        for (int step = 0; step < 20_000; step++)
        {
            if (random.Next(step % 4000 < 2000 ? 3 : 5) > 1 == step % 4000 < 2000)
            {
                last += random.Next(1, 4);
                var sent = new RecoverableEvent(last, [Frame.FromText("x"u8)], [], []);
                kept.Add(sent);
                log.Add(KeptEvent.Of(sent, now: 0));
            }
            else if (kept.Count > 0)
            {
                forgotten = kept[0].Offset;
                kept.RemoveAt(0);
                log.RemoveOldest();
            }

            long offset = random.NextInt64(Math.Max(0, forgotten - 2), last + 2);
            var read = new List<RecoverableEvent>();
            log.TryRead(offset, 16, read).ShouldBe(offset >= forgotten);
            if (offset >= forgotten)
            {
                read.ShouldBe(kept.Where(sent => sent.Offset > offset).Take(16));
            }

            log.Count.ShouldBe(kept.Count);
        }

        while (log.Count > 0)
        {
            log.RemoveOldest();
        }

        log.Bytes.ShouldBe(0);
    }
}
