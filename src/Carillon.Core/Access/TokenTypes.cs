namespace Carillon.Access;

/// <summary>
/// The types of tokens that ship. They are also the <see cref="System.Security.Principal.IIdentity.AuthenticationType"/> of the identities that the tokens give,
/// so that a key named like a user of a JWT is never taken for him.
/// </summary>
public static class TokenTypes
{
    /// <summary>A named secret of an application; requests may also call it <c>application</c>.</summary>
    public const string ApiKey = "api_key";

    /// <summary>A JSON Web Token (RFC 7519); requests may also call it <c>bearer</c>.</summary>
    public const string Jwt = "jwt";
}
