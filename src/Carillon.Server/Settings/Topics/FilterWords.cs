namespace Carillon.Server.Settings.Topics;

/// <summary>By which words of a message subscribers may select it.</summary>
public enum FilterWords
{
    /// <summary>The identities of its publisher.</summary>
    PublisherIdentity,
}
