using System.Diagnostics.CodeAnalysis;
using Carillon.Errors;

namespace Carillon.Topics;

/// <summary>
/// The name of a topic: 1 to 255 bytes of UTF-8 without control characters; names that begin with <c>$</c> are reserved.
/// Names are compared byte by byte, case included.
/// </summary>
public readonly record struct TopicName
{
    private readonly string? _value;

    private TopicName(string value) => _value = value;

    /// <summary>The name as text.</summary>
    public string Value => _value ?? string.Empty;

    /// <summary>Checks <paramref name="value"/> and makes a name of it.</summary>
    /// <param name="value">The candidate.</param>
    /// <param name="field">The field to name in the error.</param>
    /// <param name="name">The name; meaningless when the result is false.</param>
    /// <param name="error">Why it is no name.</param>
    public static bool TryCreate(string value, string field, out TopicName name, [NotNullWhen(false)] out Error? error)
    {
        name = default;
        error = Identifier.Check(value, field);
        if (error is null && value[0] == '$')
        {
            error = Error.Invalid(field, "must not begin with '$': such names are reserved");
        }

        if (error is not null)
        {
            return false;
        }

        name = new TopicName(value);
        return true;
    }

    /// <summary>Makes a name of a value known to be good, such as one read back from storage.</summary>
    /// <exception cref="ArgumentException">The value is no topic name.</exception>
    public static TopicName Create(string value) =>
        TryCreate(value, "topic", out TopicName name, out Error? error) ? name : throw new ArgumentException(error.Message, nameof(value));

    /// <inheritdoc/>
    public override string ToString() => Value;
}
