using System.Globalization;
using Carillon.Engines;
using Carillon.Errors;
using Carillon.Messages;
using Carillon.Topics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Carillon.AspNetCore.Http;

/// <summary>
/// Reads the parameters of a listing. The first one that is wrong is remembered and named; a misspelt filter is an error,
/// because ignoring it would show rows that nobody asked for.
/// </summary>
internal sealed class QueryParameters
{
    private readonly IQueryCollection _query;

    public QueryParameters(IQueryCollection query, params ReadOnlySpan<string> known)
    {
        _query = query;
        foreach ((string name, StringValues values) in query)
        {
            // Names that begin with an underscore are what browsers' libraries add to get around caches.
            if (!name.StartsWith('_') && !known.Contains(name))
            {
                Error ??= new Error(ErrorCode.InvalidField, $"Parameter '{Printable(name)}' is unknown; known are: {string.Join(", ", known)}", Printable(name));
            }
            else if (values.Count > 1)
            {
                Error ??= Invalid(Printable(name), "must be given once");
            }
        }
    }

    /// <summary>The first thing that was wrong; null when all is well.</summary>
    public Error? Error { get; private set; }

    /// <summary>A parameter as it was given, of whatever form; null if it was not.</summary>
    public string? Text(string name) => _query.TryGetValue(name, out StringValues values) ? values.ToString() : null;

    public string? Identifier(string name)
    {
        if (Text(name) is not { } value)
        {
            return null;
        }

        Error ??= Topics.Identifier.Check(value, name);
        return value;
    }

    public TopicName? Topic(string name)
    {
        if (Text(name) is not { } value)
        {
            return null;
        }

        if (TopicName.TryCreate(value, name, out TopicName topic, out Error? error))
        {
            return topic;
        }

        Error ??= error;
        return null;
    }

    public UnixTime? Time(string name)
    {
        if (Text(name) is not { } value)
        {
            return null;
        }

        if (double.TryParse(value, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out double seconds)
            && Math.Abs(seconds) < 1e11)
        {
            return UnixTime.FromSeconds(seconds);
        }

        Error ??= Invalid(name, "must be a time in Unix seconds, such as 1678886400.5");
        return null;
    }

    public long? Number(string name, long least)
    {
        if (Text(name) is not { } value)
        {
            return null;
        }

        if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= least)
        {
            return number;
        }

        Error ??= Invalid(name, $"must be a whole number of at least {least}");
        return null;
    }

    public int Limit()
    {
        long limit = Number("limit", least: 1) ?? Page<Message>.DefaultLimit;
        if (limit > Page<Message>.MaxLimit)
        {
            Error ??= Invalid("limit", $"must be at most {Page<Message>.MaxLimit}");
        }

        return (int)Math.Min(limit, Page<Message>.MaxLimit);
    }

    public bool Ascending()
    {
        switch (Text("order"))
        {
            case null or "desc":
                return false;
            case "asc":
                return true;
            default:
                Error ??= Invalid("order", "must be 'asc' or 'desc'");
                return false;
        }
    }

    /// <summary>Says that a parameter is wrong for a reason only its endpoint knows.</summary>
    public void Refuse(string name, string expectation) => Error ??= Invalid(name, expectation);

    private static Error Invalid(string name, string expectation) =>
        new(ErrorCode.InvalidField, $"Parameter '{name}' {expectation}", name);

    private static string Printable(string name) =>
        string.Concat(name.Take(64).Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '?' : letter));
}
