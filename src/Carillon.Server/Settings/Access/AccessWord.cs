namespace Carillon.Server.Settings.Access;

/// <summary>Who may, where one word says it.</summary>
public enum AccessWord
{
    /// <summary>Everybody, known or not.</summary>
    Anyone,

    /// <summary>Nobody.</summary>
    Nobody,

    /// <summary>Everybody whose token was accepted.</summary>
    Authenticated,

    /// <summary>Every application with an API key.</summary>
    ApiKey,
}
