namespace Carillon.SocketIO;

/// <summary>Why a client may not join a namespace; it receives both parts with its <c>connect_error</c>.</summary>
/// <param name="Message">A text for people.</param>
/// <param name="Data">A value for programs, serialized by <see cref="SocketIOOptions.Json"/>; null for none.</param>
public sealed record ConnectRefusal(string Message, object? Data = null);
