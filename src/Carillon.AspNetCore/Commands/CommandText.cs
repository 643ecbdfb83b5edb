using System.Diagnostics.CodeAnalysis;
using Carillon.Errors;
using Carillon.Json;
using Carillon.Topics;

namespace Carillon.AspNetCore.Commands;

/// <summary>Takes the texts of a command out of the fields that were found, each failure naming its field.</summary>
internal static class CommandText
{
    /// <summary>An identifier: mandatory or optional, where null counts as absent.</summary>
    public static Error? ReadIdentifier(ReadOnlySpan<byte> utf8, in JsonField field, string name, bool mandatory, out string? value)
    {
        value = null;
        if (field.Kind is JsonKind.Absent || (field.Kind is JsonKind.Null && !mandatory))
        {
            return mandatory ? Error.Missing(name) : null;
        }

        if (field.Kind is not JsonKind.String)
        {
            return Error.Invalid(name, $"must be a string, not {JsonShape.Describe(field.Kind)}");
        }

        if (!JsonText.TryGetString(field.Raw(utf8), out string? text))
        {
            return Error.Invalid(name, "must be valid Unicode: it holds half of a surrogate pair");
        }

        value = text;
        return Identifier.Check(text, name);
    }

    /// <summary>A mandatory topic name.</summary>
    public static bool TryReadTopic(ReadOnlySpan<byte> utf8, in JsonField field, string name, out TopicName topic, [NotNullWhen(false)] out Error? error)
    {
        topic = default;
        error = ReadIdentifier(utf8, field, name, mandatory: true, out string? text);
        return error is null && TopicName.TryCreate(text!, name, out topic, out error);
    }
}
