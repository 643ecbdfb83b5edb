using Carillon.Specs.Values;

namespace Carillon.Specs.Schemas;

/// <summary>One compiled assertion or applicator of a schema.</summary>
/// <remarks>Immutable, thread-safe.</remarks>
internal abstract class SchemaKeyword
{
    /// <summary>The kinds of values that it says anything about; others pass.</summary>
    public virtual JsonTypes Concerns => JsonTypes.Any;

    /// <summary>The schemas that it applies to the very value it is given, not to what is in it.</summary>
    public virtual IEnumerable<Schema> InPlace => [];

    /// <summary>Checks a value of a kind that it concerns.</summary>
    /// <param name="validation">The payload and the state of its check.</param>
    /// <param name="node">The value.</param>
    /// <param name="report">Whether a failure is to be told; false inside of what may fail, such as <c>anyOf</c>.</param>
    public abstract bool Check(Validation validation, int node, bool report);
}
