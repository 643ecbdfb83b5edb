using Shouldly;
using Xunit;

namespace Carillon.Tests.Resuming;

public sealed class CatchUpPropertyTests
{
    private const int Histories = 3000;

    [Fact]
    public async Task Catching_up_delivers_each_message_once_and_in_order_whatever_happens_meanwhile()
    {
        for (int seed = 0; seed < Histories; seed++)
        {
            (await new HandOver(seed, HandOver.Fault.None).RunAsync()).ShouldBeTrue($"seed {seed}");
        }
    }

    [Fact]
    public async Task Subscribing_again_meanwhile_delivers_each_message_once_and_in_order_from_the_place_asked_for_last()
    {
        for (int seed = 0; seed < Histories; seed++)
        {
            (await new HandOver(seed, HandOver.Fault.None).RunAsync(again: 3)).ShouldBeTrue($"seed {seed}");
        }
    }

    [Fact]
    public async Task Nothing_is_delivered_after_the_end_of_a_subscription_however_often_it_was_replaced()
    {
        for (int seed = 0; seed < Histories; seed++)
        {
            (await new HandOver(seed, HandOver.Fault.None).RunToEndAsync(again: seed % 3)).ShouldBeTrue($"seed {seed}");
        }
    }

    [Theory]
    [InlineData((int)HandOver.Fault.EndLookedUpTooEarly)]
    [InlineData((int)HandOver.Fault.OneSkipped)]
    [InlineData((int)HandOver.Fault.OneRepeated)]
    public async Task Catching_up_with_a_fault_planted_at_the_seam_is_found_out(int fault)
    {
        int found = 0;
        for (int seed = 0; seed < Histories; seed++)
        {
            found += await new HandOver(seed, (HandOver.Fault)fault).RunAsync() ? 0 : 1;
        }

        found.ShouldBeGreaterThan(Histories / 100);
    }

    [Fact]
    public void Session_with_a_pattern_and_a_name_gets_each_message_once_whatever_becomes_of_the_name()
    {
        for (int seed = 0; seed < Histories; seed++)
        {
            new SessionHandOver(seed, SessionHandOver.Fault.None).Run().ShouldBeTrue($"seed {seed}");
        }
    }

    [Theory]
    [InlineData((int)SessionHandOver.Fault.PatternNotReplaced)]
    [InlineData((int)SessionHandOver.Fault.NameNotReplaced)]
    [InlineData((int)SessionHandOver.Fault.TwoSessions)]
    public void Subscribing_again_with_a_fault_planted_in_a_session_is_found_out(int fault)
    {
        int found = 0;
        for (int seed = 0; seed < Histories; seed++)
        {
            found += new SessionHandOver(seed, (SessionHandOver.Fault)fault).Run() ? 0 : 1;
        }

        found.ShouldBeGreaterThan(Histories / 100);
    }
}
