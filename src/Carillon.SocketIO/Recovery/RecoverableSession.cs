namespace Carillon.SocketIO.Recovery;

/// <summary>What a socket had when it lost its connection.</summary>
/// <param name="PrivateId">The secret by which its client comes back.</param>
/// <param name="SocketId">Its id.</param>
/// <param name="Rooms">The rooms it was in, without its own.</param>
/// <param name="Data">The application's values.</param>
/// <param name="JoinedAt">The namespace's last offset when it joined.</param>
/// <param name="LastSent">Offset of the last event that was sent to it and kept, or <paramref name="JoinedAt"/>.</param>
/// <param name="LeftAt">The namespace's last offset shortly before it left: what was meant for it until then was sent to it.</param>
public sealed record RecoverableSession(
    string PrivateId, string SocketId, IReadOnlyList<string> Rooms, IDictionary<string, object?> Data, long JoinedAt, long LastSent, long LeftAt);
