using Carillon.Engines;
using Carillon.Engines.Conformance;
using Carillon.Engines.InMemory;

namespace Carillon.Tests.Engines;

public sealed class InMemoryTopicEngineTests : TopicEngineConformance
{
    protected override ITopicEngine CreateEngine(EngineOptions options, TimeProvider time) => new InMemoryTopicEngine(options, time);
}
