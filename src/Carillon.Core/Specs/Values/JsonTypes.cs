namespace Carillon.Specs.Values;

/// <summary>A set of types that a value may have, named as in JSON Schema.</summary>
[Flags]
internal enum JsonTypes
{
    None = 0,
    Object = 1,
    Array = 2,
    String = 4,

    /// <summary>Any number.</summary>
    Number = 8,

    /// <summary>A number without a fraction, however it is written: 1.0 is one.</summary>
    Integer = 16,
    Boolean = 32,
    Null = 64,
    Any = Object | Array | String | Number | Boolean | Null,
}
