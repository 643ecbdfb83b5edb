using Carillon.Access;
using Carillon.Errors;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Hubs;

public sealed class TopicAccessTests
{
    private static readonly AccessRequest Request = new(Requester.Anonymous, TopicName.Create("orders"), AccessKind.Subscribe);

    [Fact]
    public async Task Refusal_by_several_alternatives_names_them_all() =>
        (await CheckAsync(TopicAccess.Any(TopicAccess.Role("clerk"), TopicAccess.ApiKeys("till")))).Message
            .ShouldBe("Topic 'orders': only the role 'clerk' or applications with the API key 'till' may subscribe to it");

    [Fact]
    public async Task Fault_of_an_alternative_is_no_refusal_by_the_others() =>
        (await CheckAsync(TopicAccess.Any(new Faulty(), TopicAccess.Role("clerk")))).Code.ShouldBe(ErrorCode.Internal);

    [Fact]
    public async Task Refusal_of_everybody_asks_for_no_credentials()
    {
        Error error = await CheckAsync(TopicAccess.Nobody);

        error.Code.ShouldBe(ErrorCode.Forbidden);
        error.Message.ShouldBe("Topic 'orders': nobody may subscribe to it");
    }

    private static async Task<Error> CheckAsync(TopicAccess access) => (await access.CheckAsync(Request, CancellationToken.None)).ShouldNotBeNull();

    private sealed class Faulty : TopicAccess
    {
        public override ValueTask<Error?> CheckAsync(AccessRequest request, CancellationToken cancellationToken) => new(new Error(ErrorCode.Internal, "failed"));
    }
}
