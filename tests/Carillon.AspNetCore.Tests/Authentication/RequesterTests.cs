using System.Net;
using System.Security.Claims;
using Carillon.Access;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.Authentication;

public sealed class RequesterTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Anonymous_has_no_identity_and_no_end()
    {
        Requester.Anonymous.IsAuthenticated.ShouldBeFalse();
        Requester.Anonymous.Identities.ShouldBeEmpty();
        Requester.Anonymous.IsValidAt(DateTimeOffset.MaxValue).ShouldBeTrue();
    }

    [Fact]
    public void Identities_are_the_names_of_the_authenticated_ones_each_once()
    {
        var user = new ClaimsPrincipal([Identity("ada"), new ClaimsIdentity([new Claim(ClaimTypes.Name, "guest")]), Identity("app"), Identity("ada"), Identity(null)]);

        new Requester(user).Identities.ShouldBe(["ada", "app"]);
    }

    [Fact]
    public void First_end_of_all_tokens_and_the_ticket_counts()
    {
        var tokens = new[] { new VerifiedToken(new(Identity("a")), Noon.AddHours(2)), new VerifiedToken(new(Identity("b"))), new VerifiedToken(new(Identity("c")), Noon.AddHours(1)) };

        new Requester(new(Identity("a")), tokens: tokens).ValidUntil.ShouldBe(Noon.AddHours(1));
        var requester = new Requester(new(Identity("a")), tokens: tokens, validUntil: Noon);
        requester.IsValidAt(Noon.AddTicks(-1)).ShouldBeTrue();
        requester.IsValidAt(Noon).ShouldBeFalse();
    }

    [Fact]
    public void Revocation_of_any_token_ends_him()
    {
        var switches = new[] { new Switch(), new Switch() };
        var requester = new Requester(new(Identity("a")), tokens: switches.Select(one => new VerifiedToken(new(Identity("a")), Status: one)));
        requester.IsValidAt(Noon).ShouldBeTrue();

        switches[1].IsRevoked = true;

        requester.IsValidAt(Noon).ShouldBeFalse();
    }

    [Fact]
    public void Own_token_of_a_request_replaces_the_user_and_keeps_the_address()
    {
        var connection = new Requester(new(Identity("ada")), IPAddress.Loopback, validUntil: Noon);

        Requester request = connection.With(new VerifiedToken(new(Identity("app"))));

        request.Identities.ShouldBe(["app"]);
        request.RemoteAddress.ShouldBe(IPAddress.Loopback);
        request.ValidUntil.ShouldBeNull();
        connection.Identities.ShouldBe(["ada"]);
        connection.WithoutUser().Identities.ShouldBeEmpty();
        connection.WithoutUser().RemoteAddress.ShouldBe(IPAddress.Loopback);
    }

    private static ClaimsIdentity Identity(string? name) => new(name is null ? [] : [new Claim(ClaimTypes.Name, name)], "test");

    private sealed class Switch : ITokenStatus
    {
        public bool IsRevoked { get; set; }
    }
}
