namespace Carillon.Sqlite.Writing;

/// <summary>How far a transaction had come when it failed, which decides what is known about it.</summary>
internal enum WriteStage
{
    /// <summary>Not begun: nothing was stored and nothing remembered.</summary>
    Beginning,

    /// <summary>Not committed: nothing was stored, but memory has run ahead.</summary>
    Filling,

    /// <summary>The commit failed: it is unknown whether it reached the disk.</summary>
    Committing,
}
