namespace Carillon.SocketIO.EngineIO;

/// <summary>What a session's POST is at.</summary>
internal enum PostPhase
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>Its body is on its way.</summary>
    Reading,

    /// <summary>Its packets are taken; what they are answered with may reach the client before the POST's own answer.</summary>
    Taking,
}
