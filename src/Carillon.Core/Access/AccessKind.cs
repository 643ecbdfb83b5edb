namespace Carillon.Access;

/// <summary>What somebody wants to do with a topic.</summary>
public enum AccessKind
{
    /// <summary>Publish a message.</summary>
    Publish,

    /// <summary>Get its messages.</summary>
    Subscribe,
}
