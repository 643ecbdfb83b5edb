using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Carillon.Errors;
using Carillon.Specs.Schemas;
using Carillon.Specs.Schemas.Compiling;

namespace Carillon.Specs;

/// <summary>
/// Payloads fit a JSON Schema (draft 2020-12, without references to other documents, <c>unevaluated…</c> and dynamic references; the guide has a table). A schema with anything else
/// is refused when it is read. Numbers are compared exactly. The work for one payload is bounded; one that would take more is refused.
/// </summary>
/// <remarks>Immutable, thread-safe. Nothing is allocated for a payload that fits, unless it is larger than those before.</remarks>
public sealed class JsonSchemaSpec : IPayloadSpec
{
    /// <summary>How long a schema's text may be, in UTF-16 units.</summary>
    public const int MaxSchemaLength = 256 * 1024;

    private const int MaxSchemaDepth = 128;

    private readonly Schema _schema;

    private JsonSchemaSpec(Schema schema) => _schema = schema;

    /// <summary>Reads a schema.</summary>
    /// <exception cref="ArgumentException">It is refused; the message names the place and the reason.</exception>
    public static JsonSchemaSpec Parse([StringSyntax(StringSyntaxAttribute.Json)] string schema) =>
        TryParse(schema, out JsonSchemaSpec? spec, out Error? error) ? spec : throw new ArgumentException(error.Message, nameof(schema));

    /// <summary>Reads a schema.</summary>
    /// <param name="schema">Its JSON.</param>
    /// <param name="spec">The spec.</param>
    /// <param name="error">Why it is refused; its field is the place as a JSON pointer, such as <c>#/properties/price</c>.</param>
    public static bool TryParse(
        [StringSyntax(StringSyntaxAttribute.Json)] string schema,
        [NotNullWhen(true)] out JsonSchemaSpec? spec,
        [NotNullWhen(false)] out Error? error)
    {
        ArgumentNullException.ThrowIfNull(schema);
        spec = null;
        error = schema.Length > MaxSchemaLength ? new Error(ErrorCode.InvalidField, $"Schema: it must be at most {MaxSchemaLength} characters long", SchemaPlace.Root) : null;
        if (error is not null)
        {
            return false;
        }

        try
        {
            var options = new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = MaxSchemaDepth };
            using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(schema), options);
            var compiler = new SchemaCompiler();
            Schema compiled = compiler.Compile(document.RootElement);
            error = compiler.Problem;
            spec = error is null ? new JsonSchemaSpec(compiled) : null;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            // The latter for an escaped half of a surrogate pair, which is no text.
            error = new Error(ErrorCode.InvalidJson, $"Schema: it must be JSON, at most {MaxSchemaDepth} levels deep, no key twice: {malformed.Message}", SchemaPlace.Root);
        }

        return error is null;
    }

    /// <inheritdoc/>
    public Error? Check(ReadOnlySpan<byte> payload) => Validation.Run(_schema, payload);
}
