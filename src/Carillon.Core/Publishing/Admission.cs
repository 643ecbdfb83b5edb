using System.Diagnostics.CodeAnalysis;
using Carillon.Errors;

namespace Carillon.Publishing;

/// <summary>Whether a publish may go to the engine, and as what.</summary>
/// <param name="Request">What the engine is to store; null when it was refused.</param>
/// <param name="Error">Why it was refused; null when it was not.</param>
public readonly record struct Admission(PublishRequest? Request, Error? Error)
{
    /// <summary>True when the request goes on.</summary>
    [MemberNotNullWhen(true, nameof(Request))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Accepted => Request is not null;
}
