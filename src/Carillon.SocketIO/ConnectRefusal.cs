namespace Carillon.SocketIO;

/// <summary>Why a client may not join a namespace; it receives both parts with its <c>connect_error</c>.</summary>
/// <param name="Message">A text for people.</param>
/// <param name="DataJson">One JSON value in UTF-8 for programs, or empty.</param>
public sealed record ConnectRefusal(string Message, ReadOnlyMemory<byte> DataJson = default);
