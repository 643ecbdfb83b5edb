namespace SocketIO.ProtocolTarget.Profiles;

/// <summary>Who will talk to the target.</summary>
internal enum Profile
{
    /// <summary>A protocol suite: short heartbeats, no connection state recovery.</summary>
    Suite,

    /// <summary>Tests of connection state recovery: heartbeats as by default.</summary>
    Recovery,

    /// <summary>The official JavaScript client's own tests.</summary>
    Client,
}
