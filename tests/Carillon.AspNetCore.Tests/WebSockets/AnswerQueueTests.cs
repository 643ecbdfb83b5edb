using Carillon.AspNetCore.WebSockets;
using Carillon.Connections;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.WebSockets;

public sealed class AnswerQueueTests
{
    private readonly Outbox _outbox = new(new OutboxOptions());

    [Fact]
    public void Answers_are_sent_in_the_order_of_their_places()
    {
        var answers = new AnswerQueue(_outbox, 4, 100);
        AnswerQueue.Place first = answers.Reserve();
        AnswerQueue.Place second = answers.Reserve();
        answers.Fill(second, Frame.FromText("22"u8));
        _outbox.Count.ShouldBe(0);
        answers.Fill(first, Frame.FromText("1"u8));

        var taken = new Frame[2];
        _outbox.Take(taken).ShouldBe(2);
        taken.Select(static frame => frame.Payload.Length).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Room_is_waited_for_while_too_many_answers_are_to_come()
    {
        var answers = new AnswerQueue(_outbox, 4, long.MaxValue);
        AnswerQueue.Place[] places = [.. Enumerable.Range(0, 3).Select(_ => answers.Reserve())];
        answers.WaitForRoomAsync().AsTask().IsCompleted.ShouldBeTrue();
        AnswerQueue.Place last = answers.Reserve();
        Task room = answers.WaitForRoomAsync().AsTask();
        answers.Fill(last, Frame.FromText("4"u8));
        room.IsCompleted.ShouldBeFalse();

        answers.Fill(places[0], Frame.FromText("1"u8));
        await room.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Room_is_waited_for_while_too_many_bytes_wait_behind_an_answer_that_is_to_come()
    {
        var answers = new AnswerQueue(_outbox, int.MaxValue, 100);
        AnswerQueue.Place slow = answers.Reserve();
        answers.Fill(answers.Reserve(), Frame.FromText(new byte[50]));
        answers.WaitForRoomAsync().AsTask().IsCompleted.ShouldBeTrue();
        answers.Fill(answers.Reserve(), Frame.FromText(new byte[50]));
        Task room = answers.WaitForRoomAsync().AsTask();
        room.IsCompleted.ShouldBeFalse();

        answers.Fill(slow, Frame.FromText("1"u8));
        await room.WaitAsync(TimeSpan.FromSeconds(30));
        _outbox.Count.ShouldBe(3);
        answers.WaitForRoomAsync().AsTask().IsCompleted.ShouldBeTrue();
    }
}
