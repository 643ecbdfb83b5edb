namespace Carillon.Resuming;

/// <summary>How a catch-up ended.</summary>
internal enum CatchUpEnd
{
    /// <summary>Fan-out has taken over.</summary>
    Joined,

    /// <summary>Messages were deleted before they could be read.</summary>
    HistoryGone,

    /// <summary>The subscriber takes nothing any more.</summary>
    SubscriberGone,
}
