namespace SocketIO.Chat;

/// <summary>What the sender of a message hears.</summary>
internal sealed record ChatReceipt(Guid Id, DateTimeOffset Time);
