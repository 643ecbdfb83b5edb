using System.Buffers.Binary;
using Shouldly;
using Xunit;

namespace Carillon.Connections.Tests;

public sealed class OutboxTests
{
    private static readonly Frame[] Scratch = new Frame[64];

    [Fact]
    public void Take_returns_frames_in_the_order_they_were_enqueued()
    {
        var outbox = new Outbox(new OutboxOptions());
        Frame[] frames = Enumerable.Range(0, 50).Select(Number).ToArray();

        foreach (Frame frame in frames)
        {
            outbox.TryEnqueue(frame).ShouldBeTrue();
        }

        var taken = new Frame[20];
        outbox.Take(taken).ShouldBe(20);
        taken.ShouldBe(frames[..20]);
        outbox.Count.ShouldBe(30);
        outbox.TryEnqueue(frames[0]).ShouldBeTrue();
        var rest = new Frame[64];
        outbox.Take(rest).ShouldBe(31);
        rest[..31].ShouldBe([.. frames[20..], frames[0]]);
        outbox.Bytes.ShouldBe(0);
    }

    [Fact]
    public void Take_stops_after_the_frame_that_reaches_the_bytes_asked_for()
    {
        var outbox = new Outbox(new OutboxOptions());
        outbox.TryEnqueue([Number(1), Number(2), Number(3)]);

        outbox.Take(Scratch, maxBytes: 7).ShouldBe(2);
        outbox.Count.ShouldBe(1);
    }

    [Fact]
    public void TryEnqueue_over_the_frame_bound_refuses_and_tells_the_owner()
    {
        var owner = new Owner();
        var outbox = new Outbox(new OutboxOptions { MaxFrames = 2, BurstTime = TimeSpan.Zero }, owner);

        outbox.TryEnqueue(Number(1)).ShouldBeTrue();
        outbox.TryEnqueue(Number(2)).ShouldBeTrue();
        outbox.TryEnqueue(Number(3)).ShouldBeFalse();

        owner.Overflows.ShouldBe(1);
        outbox.Count.ShouldBe(2);
    }

    [Fact]
    public void TryEnqueue_over_the_byte_bound_refuses_and_tells_the_owner()
    {
        var owner = new Owner();
        var outbox = new Outbox(new OutboxOptions { MaxBytes = 12, BurstTime = TimeSpan.Zero }, owner);

        outbox.TryEnqueue(Number(1)).ShouldBeTrue();
        outbox.TryEnqueue(Number(2)).ShouldBeTrue();
        outbox.TryEnqueue(Number(3)).ShouldBeFalse();

        owner.Overflows.ShouldBe(1);
        outbox.Bytes.ShouldBe(12);
    }

    [Fact]
    public void TryEnqueue_of_several_frames_takes_all_or_none()
    {
        var outbox = new Outbox(new OutboxOptions { MaxFrames = 3, BurstTime = TimeSpan.Zero });

        outbox.TryEnqueue([Number(1), Number(2)]).ShouldBeTrue();
        outbox.TryEnqueue([Number(3), Number(4)]).ShouldBeFalse();

        outbox.Count.ShouldBe(2);
    }

    [Fact]
    public void TryEnqueue_of_a_frame_over_the_bound_succeeds_only_when_nothing_waits()
    {
        var outbox = new Outbox(new OutboxOptions { MaxBytes = 10, BurstTime = TimeSpan.Zero });
        Frame large = Frame.FromText(new byte[100]);

        outbox.TryEnqueue(large).ShouldBeTrue();
        outbox.TryEnqueue(large).ShouldBeFalse();
    }

    [Fact]
    public void TryEnqueue_of_several_frames_over_a_bound_succeeds_only_when_nothing_waits()
    {
        var owner = new Owner();
        var outbox = new Outbox(new OutboxOptions { MaxFrames = 2, MaxBytes = 10, BurstTime = TimeSpan.Zero }, owner);
        Frame[] packetAndAttachments = [Number(1), Frame.FromBinary(new byte[100]), Number(2)];

        outbox.TryEnqueue(packetAndAttachments).ShouldBeTrue();
        outbox.TryEnqueue(packetAndAttachments).ShouldBeFalse();

        owner.Overflows.ShouldBe(1);
        outbox.Take(Scratch).ShouldBe(3);
        outbox.TryEnqueue(packetAndAttachments).ShouldBeTrue();
    }

    [Fact]
    public void TryEnqueue_behind_what_only_an_empty_outbox_takes_has_the_whole_bounds_and_begins_no_burst()
    {
        var time = new ManualTime();
        var outbox = new Outbox(new OutboxOptions { MaxFrames = 2, MaxBytes = 12 }, time: time);
        outbox.TryEnqueue([Number(1), Frame.FromBinary(new byte[100]), Number(2)]).ShouldBeTrue();

        outbox.HasRoomFor(2, 12).ShouldBeTrue();
        outbox.TryEnqueue([Number(3), Number(4)]).ShouldBeTrue();
        time.Ticks += 10 * time.TimestampFrequency;
        outbox.IsBurstOver.ShouldBeFalse();

        outbox.Take(Scratch.AsSpan(0, 2)).ShouldBe(2);
        outbox.TryEnqueue(Number(5)).ShouldBeTrue(); // This begins one: three are behind it.
        time.Ticks += time.TimestampFrequency;
        outbox.IsBurstOver.ShouldBeTrue();
        outbox.Take(Scratch.AsSpan(0, 2)).ShouldBe(2);
        outbox.IsBurstOver.ShouldBeFalse();
    }

    [Fact]
    public void TryEnqueue_of_two_frames_behind_one_that_was_taken_has_the_bounds_alone()
    {
        var outbox = new Outbox(new OutboxOptions { MaxFrames = 2, MaxBytes = 12, BurstTime = TimeSpan.Zero });
        outbox.TryEnqueue(Frame.FromBinary(new byte[100])).ShouldBeTrue();
        outbox.Take(Scratch).ShouldBe(1);

        outbox.TryEnqueue(Number(1)).ShouldBeTrue();
        outbox.TryEnqueue(Frame.FromBinary(new byte[50])).ShouldBeFalse();
    }

    [Fact]
    public void TryEnqueue_a_burst_passes_the_bounds_for_its_time_and_no_longer()
    {
        var owner = new Owner();
        var time = new ManualTime();
        var outbox = new Outbox(new OutboxOptions { MaxFrames = 2, BurstTime = TimeSpan.FromSeconds(1) }, owner, time);
        for (int i = 0; i < 10; i++)
        {
            outbox.TryEnqueue(Frame.FromText("x"u8)).ShouldBeTrue();
        }

        time.Ticks += time.TimestampFrequency - 1;
        outbox.TryEnqueue(Frame.FromText("x"u8)).ShouldBeTrue();
        time.Ticks++;
        outbox.TryEnqueue(Frame.FromText("x"u8)).ShouldBeFalse();
        owner.Overflows.ShouldBe(1);
    }

    [Fact]
    public void HasRoomFor_a_burst_begins_none()
    {
        var time = new ManualTime();
        var outbox = new Outbox(new OutboxOptions { MaxFrames = 2, BurstTime = TimeSpan.FromSeconds(1) }, time: time);

        outbox.HasRoomFor(3, 3).ShouldBeTrue();
        time.Ticks += 2 * time.TimestampFrequency;

        outbox.IsBurstOver.ShouldBeFalse();
        outbox.HasRoomFor(3, 3).ShouldBeTrue();
    }

    [Fact]
    public void TryEnqueue_a_burst_that_was_got_over_does_not_count_towards_the_next()
    {
        var time = new ManualTime();
        var outbox = new Outbox(new OutboxOptions { MaxFrames = 2, BurstTime = TimeSpan.FromSeconds(1) }, time: time);
        for (int round = 0; round < 5; round++)
        {
            for (int i = 0; i < 4; i++)
            {
                outbox.TryEnqueue(Frame.FromText("x"u8)).ShouldBeTrue();
            }

            outbox.Take(Scratch).ShouldBe(4);
            time.Ticks += time.TimestampFrequency;
        }
    }

    [Fact]
    public void Take_that_prolongs_a_burst_gives_it_its_whole_time_again()
    {
        var time = new ManualTime();
        var outbox = new Outbox(new OutboxOptions { MaxFrames = 2, BurstTime = TimeSpan.FromSeconds(1) }, time: time);
        for (int i = 0; i < 10; i++)
        {
            outbox.TryEnqueue(Frame.FromText("x"u8)).ShouldBeTrue();
        }

        for (int i = 0; i < 4; i++)
        {
            time.Ticks += time.TimestampFrequency - 1;
            outbox.IsBurstOver.ShouldBeFalse();
            outbox.Take(Scratch.AsSpan(0, 1), prolongsBurst: true).ShouldBe(1);
        }

        outbox.Take([], prolongsBurst: true); // Takes nothing, and gives nothing.
        time.Ticks += time.TimestampFrequency;
        outbox.IsBurstOver.ShouldBeTrue();
    }

    [Fact]
    public void TryEnqueue_a_burst_holds_64_times_the_bounds_at_most()
    {
        var outbox = new Outbox(new OutboxOptions { MaxFrames = 2 }, time: new ManualTime());
        for (int i = 0; i < 128; i++)
        {
            outbox.TryEnqueue(Frame.FromText("x"u8)).ShouldBeTrue();
        }

        outbox.TryEnqueue(Frame.FromText("x"u8)).ShouldBeFalse();
    }

    [Fact]
    public void Close_refuses_frames_without_calling_it_an_overflow()
    {
        var owner = new Owner();
        var outbox = new Outbox(new OutboxOptions(), owner);
        outbox.TryEnqueue(Number(1));

        outbox.Close();

        outbox.TryEnqueue(Number(2)).ShouldBeFalse();
        owner.Overflows.ShouldBe(0);
        outbox.Take(Scratch).ShouldBe(1);
    }

    [Fact]
    public void Transport_is_told_once_until_it_found_nothing_to_take()
    {
        var transport = new Transport();
        var outbox = new Outbox(new OutboxOptions());
        outbox.Attach(transport);

        outbox.TryEnqueue(Number(1));
        outbox.TryEnqueue(Number(2));
        transport.Announcements.ShouldBe(1);
        outbox.Take(Scratch).ShouldBe(2);
        outbox.TryEnqueue(Number(3));
        transport.Announcements.ShouldBe(1);
        outbox.Take(Scratch).ShouldBe(1);
        outbox.Take(Scratch).ShouldBe(0);
        outbox.TryEnqueue(Number(4));

        transport.Announcements.ShouldBe(2);
    }

    [Fact]
    public void Attach_announces_what_waits_to_the_new_transport()
    {
        var first = new Transport();
        var second = new Transport();
        var outbox = new Outbox(new OutboxOptions());
        outbox.Attach(first);
        outbox.TryEnqueue(Number(1));

        outbox.Attach(second);
        outbox.TryEnqueue(Number(2));

        second.Announcements.ShouldBe(1);
        first.Announcements.ShouldBe(1);
    }

    [Fact]
    public async Task Frames_of_each_producer_keep_their_order_under_concurrency()
    {
        const int producers = 4;
        const int each = 20_000;
        var outbox = new Outbox(new OutboxOptions { MaxFrames = producers * each, MaxBytes = int.MaxValue });
        Task[] running = Enumerable.Range(0, producers).Select(producer => Task.Run(() =>
        {
            for (int i = 0; i < each; i++)
            {
                outbox.TryEnqueue(Number((producer << 24) | i)).ShouldBeTrue();
            }
        })).ToArray();

        var next = new int[producers];
        var batch = new Frame[100];
        while (next.Sum() < producers * each)
        {
            int taken = outbox.Take(batch);
            foreach (Frame frame in batch.AsSpan(0, taken))
            {
                int number = BinaryPrimitives.ReadInt32BigEndian(frame.Payload.Span);
                (number & 0xFFFFFF).ShouldBe(next[number >> 24]++);
            }
        }

        await Task.WhenAll(running);
        outbox.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData(0, 1, "MaxFrames")]
    [InlineData(1, 0, "MaxBytes")]
    public void Wrong_bound_is_refused_by_name(int maxFrames, int maxBytes, string setting)
    {
        Should.Throw<Microsoft.Extensions.Options.OptionsValidationException>(
            () => new Outbox(new OutboxOptions { MaxFrames = maxFrames, MaxBytes = maxBytes })).Message.ShouldContain(setting);
    }

    private static Frame Number(int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return Frame.FromBinary(bytes);
    }

    private sealed class Owner : IOutboxOwner
    {
        public int Overflows { get; private set; }

        public void OnOutboxOverflow() => Overflows++;
    }

    private sealed class Transport : IOutboxTransport
    {
        public int Announcements { get; private set; }

        public void OnFramesWaiting() => Announcements++;
    }

    private sealed class ManualTime : TimeProvider
    {
        public long Ticks { get; set; }

        public override long GetTimestamp() => Ticks;
    }
}
