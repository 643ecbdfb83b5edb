namespace Carillon.Errors;

/// <summary>An expected failure: a code, a sentence for a person, and the field it is about, if it is about one.</summary>
/// <param name="Code">Which row of the error table this is.</param>
/// <param name="Message">One English sentence that says what was wrong and what was expected.</param>
/// <param name="Field">The field, parameter or setting that is at fault; null when it is the whole request.</param>
public sealed record Error(ErrorCode Code, string Message, string? Field = null)
{
    /// <summary>A mandatory field is absent.</summary>
    public static Error Missing(string field) =>
        new(ErrorCode.MissingField, $"Field '{field}' is missing", field);

    /// <summary>A field has a value that is not acceptable.</summary>
    public static Error Invalid(string field, string expectation) =>
        new(ErrorCode.InvalidField, $"Field '{field}' {expectation}", field);
}
