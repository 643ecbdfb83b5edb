namespace Carillon.AspNetCore.Authentication;

/// <summary>The names of the authentication schemes that Carillon adds.</summary>
public static class TokenSchemes
{
    /// <summary>API keys.</summary>
    public const string ApiKeys = "Carillon.ApiKeys";

    /// <summary>JSON Web Tokens.</summary>
    public const string Jwt = "Carillon.Jwt";

    /// <summary>Either of them, as the token of the request looks.</summary>
    public const string Any = "Carillon.Tokens";
}
