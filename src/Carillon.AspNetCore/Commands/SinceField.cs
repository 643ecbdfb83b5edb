using System.Text.Json;
using Carillon.Errors;
using Carillon.Json;
using Carillon.Messages;
using Carillon.Resuming;

namespace Carillon.AspNetCore.Commands;

/// <summary>Reads from where on a subscriber wants messages: <c>"earliest"</c>, <c>{"time"}</c> or <c>{"epoch", "offset"}</c>.</summary>
internal static class SinceField
{
    private const string Forms = "must be \"earliest\", {\"time\": Unix seconds} or {\"epoch\": string, \"offset\": number}";
    private const int MaxEpochLength = 64;

    private static readonly JsonShape Shape = new("epoch", "offset", "time");

    /// <summary>Reads the field; absent and null are no wish.</summary>
    public static Error? Read(ReadOnlySpan<byte> utf8, in JsonField field, string name, out Since? since)
    {
        since = null;
        switch (field.Kind)
        {
            case JsonKind.Absent or JsonKind.Null:
                return null;
            case JsonKind.String when JsonText.TryGetString(field.Raw(utf8), out string? word) && word == "earliest":
                since = Since.Earliest;
                return null;
            case JsonKind.Object:
                return ReadObject(field.Raw(utf8), name, out since);
            default:
                return Error.Invalid(name, Forms);
        }
    }

    private static Error? ReadObject(ReadOnlySpan<byte> utf8, string name, out Since? since)
    {
        since = null;
        Span<JsonField> fields = stackalloc JsonField[3];
        if (!Shape.TryRead(utf8, fields, out Error? error))
        {
            return error;
        }

        since = (fields[0].Kind, fields[1].Kind, fields[2].Kind) switch
        {
            (JsonKind.String, JsonKind.Number, JsonKind.Absent) => ReadPosition(utf8, fields[0], fields[1]),
            (JsonKind.Absent, JsonKind.Absent, JsonKind.Number) => ReadTime(utf8, fields[2]),
            _ => null,
        };
        return since is null ? Error.Invalid(name, Forms) : null;
    }

    private static Since? ReadPosition(ReadOnlySpan<byte> utf8, in JsonField epochField, in JsonField offsetField)
    {
        bool isGood = JsonText.TryGetString(epochField.Raw(utf8), out string? epoch) & ReaderAt(utf8, offsetField).TryGetInt64(out long offset);
        return isGood && offset >= 0 && epoch!.Length <= MaxEpochLength ? Since.After(new Position(epoch, offset)) : null;
    }

    private static Since? ReadTime(ReadOnlySpan<byte> utf8, in JsonField field) =>
        ReaderAt(utf8, field).TryGetDouble(out double seconds) && seconds is >= 0 and < 1e12 ? Since.From(UnixTime.FromSeconds(seconds)) : null;

    private static Utf8JsonReader ReaderAt(ReadOnlySpan<byte> utf8, in JsonField field)
    {
        var reader = new Utf8JsonReader(field.Raw(utf8));
        reader.Read();
        return reader;
    }
}
