using System.Text;
using Carillon.Deliveries;
using Carillon.Messages;
using Carillon.Topics;
using Carillon.Topics.Filters;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Deliveries;

public sealed class DeliveryTests
{
    private static readonly ITopicFilter[] Filters = [TopicFilter.PublisherIdentity];

    [Fact]
    public void A_selection_has_the_frames_of_what_it_selects_and_shares_them_with_the_whole()
    {
        var format = new TextFormat();
        var delivery = new Delivery();
        delivery.Load([MessageOf(1, "anna"), MessageOf(2, "bob"), MessageOf(3, "anna")]);
        Delivery annas = delivery.Select(new SubscriptionFilter(["anna"]), Filters)!;
        annas.FramesFor(format).ToArray().ShouldBe(["1", "3"]);
        annas.FramesFor(format)[1].ShouldBeSameAs(delivery.FramesFor(format)[2]);
        format.Encoded.ShouldBe(3);
    }

    [Fact]
    public void A_packed_frame_is_made_once_for_all_who_get_the_same_messages()
    {
        var format = new TextFormat();
        var delivery = new Delivery();
        delivery.Load([MessageOf(1, "anna"), MessageOf(2, "bob")]);
        delivery.FrameFor(format).ShouldBe("1,2");
        delivery.FrameFor(format).ShouldBeSameAs(delivery.FrameFor(format));
        var filter = new SubscriptionFilter(["bob"]);
        delivery.Select(filter, Filters)!.FrameFor(format).ShouldBe("2");
        delivery.Select(filter, Filters)!.FrameFor(format).ShouldBeSameAs(delivery.Select(filter, Filters)!.FrameFor(format));
        format.Encoded.ShouldBe(2);
        delivery.Load([MessageOf(3, "anna")]);
        delivery.FrameFor(format).ShouldBe("3");
    }

    [Fact]
    public void A_filter_that_selects_nothing_makes_no_selection()
    {
        var delivery = new Delivery();
        delivery.Load([MessageOf(1, "anna"), MessageOf(2, "bob")]);

        delivery.Select(new SubscriptionFilter(["carl"]), Filters).ShouldBeNull();
    }

    private static Message MessageOf(long offset, string publisher) => new()
    {
        Topic = TopicName.Create("t"),
        Offset = offset,
        MessageId = $"m{offset}",
        Producer = null,
        Publisher = [publisher],
        Timestamp = default,
        Payload = Encoding.UTF8.GetBytes("null"),
    };

    private sealed class TextFormat : IWireFormat<string>, IPackedWireFormat<string>
    {
        public int Encoded { get; private set; }

        public string Encode(Message message)
        {
            Encoded++;
            return $"{message.Offset}";
        }

        public string Encode(ReadOnlySpan<Message> messages)
        {
            Encoded++;
            return string.Join(',', messages.ToArray().Select(message => message.Offset));
        }
    }
}
