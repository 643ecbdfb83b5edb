namespace SocketIO.Chat;

/// <summary>What somebody wants to say.</summary>
internal sealed record ChatDraft(string? Text, ReadOnlyMemory<byte>? Image = null, string? ImageType = null);
