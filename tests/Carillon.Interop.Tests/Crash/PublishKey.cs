namespace Carillon.Interop.Tests.Crash;

/// <summary>What a publish is known by: the server stores one message for it.</summary>
internal readonly record struct PublishKey(string Topic, string MessageId);
