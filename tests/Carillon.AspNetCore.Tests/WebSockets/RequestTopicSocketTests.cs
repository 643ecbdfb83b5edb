namespace Carillon.AspNetCore.Tests.WebSockets;

/// <summary>With connections that are requests of the ordinary host.</summary>
public sealed class RequestTopicSocketTests() : TopicSocketTests(SocketHost.Request);
