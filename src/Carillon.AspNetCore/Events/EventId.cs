using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Carillon.Errors;
using Carillon.Resuming;

namespace Carillon.AspNetCore.Events;

/// <summary>
/// An event's id: how far its stream has come in each of its topics. <c>c1</c>, then for each topic <c>~</c>, its <see cref="EventKey"/>, the epoch, <c>.</c> and the offset.
/// Clients take it as it is.
/// </summary>
internal static class EventId
{
    /// <summary>What every id begins with: the version of its form.</summary>
    public const string Prefix = "c1";

    /// <summary>Divides the topics.</summary>
    public const char Separator = '~';

    /// <summary>Most characters that are read.</summary>
    public const int MaxLength = 16 * 1024;

    private const int MaxTopics = 100;
    private const int MaxEpochLength = 64;

    /// <summary>Whether a text means to be an id.</summary>
    public static bool IsMeant(string text) => text.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>One topic's part, as far as the offset.</summary>
    public static string PartOf(string key, string epoch) => $"{Separator}{key}{epoch}.";

    /// <summary>Reads an id that a client sends back; nothing in it is believed but its form.</summary>
    /// <param name="text">The id.</param>
    /// <param name="field">Where it stands, for the error.</param>
    /// <param name="positions">The positions by key.</param>
    /// <param name="error">Why it is none.</param>
    public static bool TryParse(string text, string field, out Dictionary<string, Position> positions, [NotNullWhen(false)] out Error? error)
    {
        positions = new Dictionary<string, Position>(StringComparer.Ordinal);
        error = IsMeant(text) && text.Length <= MaxLength && TryRead(text.AsSpan(Prefix.Length), positions)
            ? null
            : Error.Invalid(field, "must be the id of an event of this server, as it was");
        return error is null;
    }

    private static bool TryRead(ReadOnlySpan<char> parts, Dictionary<string, Position> positions)
    {
        if (parts.IsEmpty || parts[0] != Separator)
        {
            return parts.IsEmpty;
        }

        parts = parts[1..];
        foreach (Range range in parts.Split(Separator))
        {
            ReadOnlySpan<char> part = parts[range];
            int dot = part.IndexOf('.');
            if (positions.Count == MaxTopics
                || dot < EventKey.Length
                || dot > EventKey.Length + MaxEpochLength
                || !IsWord(part[..dot])
                || !long.TryParse(part[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out long offset)
                || !positions.TryAdd(part[..EventKey.Length].ToString(), new Position(part[EventKey.Length..dot].ToString(), offset)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsWord(ReadOnlySpan<char> text)
    {
        foreach (char letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_'))
            {
                return false;
            }
        }

        return true;
    }
}
