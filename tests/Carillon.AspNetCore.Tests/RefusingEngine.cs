using Carillon.Engines;
using Carillon.Errors;
using Carillon.Publishing;

namespace Carillon.AspNetCore.Tests;

/// <summary>An engine that refuses each publish with a code or, without one, fails.</summary>
internal sealed class RefusingEngine(ITopicEngine engine, ErrorCode? refusal) : WrappedEngine(engine)
{
    public override EngineStatus Status => new(Ready: false, "refusing");

    public override ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken) => refusal is null
        ? throw new InvalidDataException("secret detail")
        : new ValueTask<PublishResult>(PublishResult.Refused(new Error(refusal, "refused")));
}
