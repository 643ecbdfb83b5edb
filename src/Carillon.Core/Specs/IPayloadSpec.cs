using Carillon.Errors;

namespace Carillon.Specs;

/// <summary>What the payloads of a topic must look like.</summary>
/// <remarks>Implementations are immutable and thread-safe, never block, and bound their work by the payload's length: anyone who may publish chooses what they read.</remarks>
public interface IPayloadSpec
{
    /// <summary>Checks one payload.</summary>
    /// <param name="payload">One JSON value as compact UTF-8 that was checked before: no object in it holds a key twice, nothing is nested deeper than 64 levels.</param>
    /// <returns>
    /// Null when the payload fits; otherwise an error with the code <see cref="ErrorCode.SpecViolation"/> that names the first place that does not
    /// (such as <c>message.items[2].price</c>) and says what was expected. Of the payload it repeats keys, never values.
    /// </returns>
    Error? Check(ReadOnlySpan<byte> payload);
}
