using System.Text.Json;

namespace Carillon.Server.Settings.Reading;

/// <summary>Finds on which line of a JSON file a setting stands.</summary>
internal static class JsonKeyLines
{
    private static readonly JsonReaderOptions LikeTheConfiguration = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The line, from 1, of the key or the list's item that a configuration key such as <c>Carillon:Topics:0:Name</c> names; null if there is none.</summary>
    public static int? Find(ReadOnlySpan<byte> json, string key)
    {
        json = json.StartsWith("\uFEFF"u8) ? json[3..] : json;
        var reader = new Utf8JsonReader(json, LikeTheConfiguration);
        reader.Read();
        long? place = null;
        foreach (string part in key.Split(ConfigurationPath.KeyDelimiter))
        {
            place = reader.TokenType switch
            {
                JsonTokenType.StartObject => EnterMember(ref reader, part),
                JsonTokenType.StartArray => EnterItem(ref reader, part),
                _ => null,
            };
            if (place is null)
            {
                return null;
            }
        }

        return json[..(int)place!].Count((byte)'\n') + 1;
    }

    private static long? EnterMember(ref Utf8JsonReader reader, string name)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            long place = reader.TokenStartIndex;
            bool isIt = string.Equals(reader.GetString(), name, StringComparison.OrdinalIgnoreCase);
            reader.Read();
            if (isIt)
            {
                return place;
            }

            reader.Skip();
        }

        return null;
    }

    private static long? EnterItem(ref Utf8JsonReader reader, string index)
    {
        if (!int.TryParse(index, out int left))
        {
            return null;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (left-- == 0)
            {
                return reader.TokenStartIndex;
            }

            reader.Skip();
        }

        return null;
    }
}
