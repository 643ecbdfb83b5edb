namespace Carillon.Interop.Tests.Servers;

/// <summary>How a server process is started.</summary>
internal sealed record ServerSettings
{
    public required string Database { get; init; }

    /// <summary>0 lets the server take a free port.</summary>
    public int Port { get; init; }

    /// <summary><c>reject</c> or <c>create</c>; null leaves the server's default.</summary>
    public string? UnknownTopics { get; init; }

    /// <summary>Whether everything but the port is in an <c>appsettings.json</c> beside the database.</summary>
    public bool FromFile { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public IEnumerable<string> Arguments()
    {
        yield return "serve";
        yield return "--port";
        yield return $"{Port}";
        if (FromFile)
        {
            yield break;
        }

        yield return "--database";
        yield return Database;
        if (UnknownTopics is not null)
        {
            yield return "--unknown-topics";
            yield return UnknownTopics;
        }
    }
}
