namespace Carillon.Access;

/// <summary>Tells whether something that was valid when it was verified has been taken back since.</summary>
/// <remarks>Thread-safe.</remarks>
public interface ITokenStatus
{
    /// <summary>True from the moment at which the token was revoked; it never becomes false again. Cheap: the heartbeat reads it for each connection. One that throws has said so.</summary>
    bool IsRevoked { get; }
}
