namespace Carillon.Resuming;

/// <summary>Why messages that a subscriber asked for may be missing.</summary>
public enum RecoveryFailure
{
    /// <summary>Some of them are no longer kept; those that are follow.</summary>
    HistoryGone,

    /// <summary>The place belongs to another history of the topic, which was lost or restored; only new messages follow.</summary>
    EpochChanged,

    /// <summary>The topic has not come to that offset yet; only new messages follow.</summary>
    OffsetUnknown,
}
