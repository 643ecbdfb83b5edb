using Carillon.Errors;
using Carillon.Json;

namespace Carillon.AspNetCore.Commands;

/// <summary>Reads <c>{"type", "token"}</c>: the contracts' <c>authorization</c> of one request, a connection's <c>auth</c>, and the event <c>authenticate</c>.</summary>
internal static class TokenField
{
    private static readonly JsonShape Shape = new("type", "token");

    /// <summary>Reads the field of a command; null counts as absent.</summary>
    public static Error? Read(ReadOnlySpan<byte> utf8, in JsonField field, string name, out TokenClaim? claim)
    {
        claim = null;
        if (field.Kind is JsonKind.Absent or JsonKind.Null)
        {
            return null;
        }

        if (field.Kind is not JsonKind.Object)
        {
            return Error.Invalid(name, $"must be an object, not {JsonShape.Describe(field.Kind)}");
        }

        return ReadObject(field.Raw(utf8), name, out claim) ?? (claim is null ? Error.Missing($"{name}.token") : null);
    }

    /// <summary>Reads an object that may hold anything else beside a token; null without one.</summary>
    /// <param name="utf8">The object.</param>
    /// <param name="place">What its fields are named behind in errors; empty where they stand by themselves.</param>
    /// <param name="claim">What was found.</param>
    public static Error? ReadObject(ReadOnlySpan<byte> utf8, string place, out TokenClaim? claim)
    {
        claim = null;
        Span<JsonField> fields = stackalloc JsonField[2];
        if (!Shape.TryRead(utf8, fields, out Error? error))
        {
            return error;
        }

        string prefix = place.Length == 0 ? string.Empty : place + ".";
        string? token = null;
        error = ReadText(utf8, fields[0], prefix + "type", out string? type) ?? ReadText(utf8, fields[1], prefix + "token", out token);
        if (error is null && token is not null)
        {
            claim = new TokenClaim(type, token);
        }

        return error;
    }

    // Tokens are longer than identifiers; their verifiers bound them, the packet's size does before.
    private static Error? ReadText(ReadOnlySpan<byte> utf8, in JsonField field, string name, out string? text)
    {
        text = null;
        if (field.Kind is JsonKind.Absent or JsonKind.Null)
        {
            return null;
        }

        if (field.Kind is not JsonKind.String)
        {
            return Error.Invalid(name, $"must be a string, not {JsonShape.Describe(field.Kind)}");
        }

        return JsonText.TryGetString(field.Raw(utf8), out text) ? null : Error.Invalid(name, "must be valid Unicode: it holds half of a surrogate pair");
    }
}
