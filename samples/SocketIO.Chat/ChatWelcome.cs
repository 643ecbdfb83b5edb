namespace SocketIO.Chat;

/// <summary>What a newcomer to a room hears.</summary>
internal sealed record ChatWelcome(string Room, ChatMessage[] Latest);
