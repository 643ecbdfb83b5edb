namespace Carillon.SocketIO.Json;

/// <summary>What clients call the types of handlers' arguments.</summary>
internal static class ArgumentType
{
    /// <summary>What a JSON value is, as told by its first byte; nothing of what it says.</summary>
    public static string KindOf(ReadOnlySpan<byte> json) => json switch
    {
        [(byte)'{', ..] => json.StartsWith("{\"_placeholder\""u8) ? "binary data" : "an object",
        [(byte)'[', ..] => "an array",
        [(byte)'"', ..] => "a string",
        [(byte)'t' or (byte)'f', ..] => "a boolean",
        [(byte)'n', ..] => "null",
        _ => "a number",
    };

    public static string NameOf(Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain == typeof(ReadOnlyMemory<byte>) || plain == typeof(byte[]))
        {
            return "binary data";
        }

        return Type.GetTypeCode(plain) switch
        {
            TypeCode.Boolean => "a boolean",
            TypeCode.String or TypeCode.Char => "a string",
            TypeCode.DateTime => "a date and time",
            TypeCode.Object => plain == typeof(Guid) ? "a UUID" : plain.IsArray ? "an array" : $"an object of the kind {plain.Name}",
            TypeCode.Single or TypeCode.Double or TypeCode.Decimal => "a number",
            _ => "a whole number in range",
        };
    }
}
