namespace Carillon.AspNetCore.Tests.WebSockets;

/// <summary>With connections that are streams of HTTP/2 (RFC 8441).</summary>
public sealed class Http2TopicSocketTests() : TopicSocketTests(SocketHost.Http2);
