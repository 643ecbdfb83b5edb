namespace Carillon.Sqlite;

/// <summary>What a commit waits for.</summary>
public enum SynchronousMode
{
    /// <summary>The disk: an acknowledged message survives a power loss. The default, and the only mode that keeps Carillon's promise.</summary>
    Full,

    /// <summary>
    /// Nothing: an acknowledged message survives the death of the process, not that of the machine. It is here so that the test for power loss
    /// has a control that must fail.
    /// </summary>
    Off,
}
