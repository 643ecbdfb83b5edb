namespace Carillon.SocketIO.EngineIO;

/// <summary>
/// One string for the texts that many clients bring alike, such as the names of headers and most of their values, so that each session need not keep its own.
/// It holds a bounded number of them and forgets in favour of newer ones. Thread-safe.
/// </summary>
internal static class SharedText
{
    private const int Slots = 1024;
    private const int Longest = 256;
    private static readonly string?[] Known = new string?[Slots];

    /// <summary>A string equal to <paramref name="text"/>, if possible one that others hold too.</summary>
    public static string Of(string text)
    {
        if (text.Length > Longest)
        {
            return text;
        }

        // The hash differs from process to process: nobody can choose texts that fall on one place.
        ref string? slot = ref Known[(uint)string.GetHashCode(text, StringComparison.Ordinal) % Slots];
        string? known = Volatile.Read(ref slot);
        if (string.Equals(known, text, StringComparison.Ordinal))
        {
            return known!;
        }

        Volatile.Write(ref slot, text);
        return text;
    }
}
