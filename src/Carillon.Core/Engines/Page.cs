namespace Carillon.Engines;

/// <summary>A page of a listing.</summary>
/// <param name="Items">The rows, in the order asked for.</param>
/// <param name="Next">The cursor of the following page; null when this is the last.</param>
/// <typeparam name="T">What is listed.</typeparam>
public sealed record Page<T>(IReadOnlyList<T> Items, long? Next)
{
    /// <summary>Rows of a page when nothing else is asked for.</summary>
    public const int DefaultLimit = 100;

    /// <summary>Most rows of one page.</summary>
    public const int MaxLimit = 1000;
}
