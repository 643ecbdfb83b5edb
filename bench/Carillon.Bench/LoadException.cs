namespace Carillon.Bench;

/// <summary>The load could not be put on the server, or the server broke its contract: the run's figures would mean nothing.</summary>
internal sealed class LoadException(string message) : Exception(message);
