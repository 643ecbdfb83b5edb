using System.Collections.Frozen;

namespace Carillon.Specs.Schemas.Formats;

/// <summary>A value of <c>format</c> that is checked.</summary>
/// <param name="Name">As it stands in a schema.</param>
/// <param name="Expectation">What a text that is none is told.</param>
/// <param name="IsValid">The check.</param>
internal sealed record TextFormat(string Name, string Expectation, TextCheck IsValid)
{
    /// <summary>All of them, by name.</summary>
    public static readonly FrozenDictionary<string, TextFormat> All = new TextFormat[]
    {
        new("date-time", "must be a date and time with an offset, as in RFC 3339", DateTimeFormats.IsDateTime),
        new("date", "must be a date, as in RFC 3339", DateTimeFormats.IsDate),
        new("time", "must be a time with an offset, as in RFC 3339", DateTimeFormats.IsTime),
        new("uuid", "must be a UUID", UuidFormat.IsUuid),
        new("email", "must be an e-mail address", EmailFormat.IsEmail),
        new("uri", "must be an absolute URI", UriFormat.IsUri),
    }.ToFrozenDictionary(format => format.Name);
}
