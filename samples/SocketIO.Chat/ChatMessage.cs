namespace SocketIO.Chat;

/// <summary>What was said.</summary>
internal sealed record ChatMessage(Guid Id, string Name, string? Text, ReadOnlyMemory<byte>? Image, string? ImageType, DateTimeOffset Time);
