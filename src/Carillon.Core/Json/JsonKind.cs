namespace Carillon.Json;

/// <summary>What a JSON value is.</summary>
public enum JsonKind
{
    /// <summary>There is no value: the field is absent.</summary>
    Absent,

    /// <summary>An object.</summary>
    Object,

    /// <summary>An array.</summary>
    Array,

    /// <summary>A string.</summary>
    String,

    /// <summary>A number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>Null.</summary>
    Null,
}
