using System.Text;
using Carillon.Consumers;
using Shouldly;
using Xunit;

namespace Carillon.Engines.Conformance;

/// <summary>What a consumer store that outlives its process must do in addition.</summary>
public abstract class DurableConsumerStoreConformance : ConsumerStoreConformance
{
    [Fact]
    public async Task Reopening_keeps_consumptions_and_recognises_repeated_ones()
    {
        await ConsumeAsync("ann", Alpha, "m1", "{\"x\":[1]}");
        await SubscribeAsync("s1", "bob", Beta);
        await ReopenAsync();
        Consumption row = (await ConsumptionsAsync(new ConsumerQuery())).Items.ShouldHaveSingleItem();
        Encoding.UTF8.GetString(row.Message.Span).ShouldBe("{\"x\":[1]}");
        (await ConsumeAsync("ann", Alpha, "m1")).Duplicate.ShouldBeTrue();
        (await Store.ListConsumersAsync(10, CancellationToken.None)).ShouldBe([new(Alpha, "ann")]);
    }
}
