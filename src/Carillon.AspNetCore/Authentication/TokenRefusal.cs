using Carillon.Errors;

namespace Carillon.AspNetCore.Authentication;

/// <summary>A feature of a request whose token was refused: the framework lets it go on as if it had brought none.</summary>
internal sealed record TokenRefusal(Error Error);
