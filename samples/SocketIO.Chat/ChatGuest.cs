namespace SocketIO.Chat;

/// <summary>What a client says of itself when it connects.</summary>
internal sealed record ChatGuest(string? Name);
