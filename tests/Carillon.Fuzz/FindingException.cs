namespace Carillon.Fuzz;

/// <summary>Something that must hold did not.</summary>
public sealed class FindingException : Exception
{
    /// <summary>Creates one without details.</summary>
    public FindingException()
    {
    }

    /// <summary>Creates one that tells what was found.</summary>
    public FindingException(string message)
        : base(message)
    {
    }

    /// <summary>Creates one that tells what was found, and what caused it.</summary>
    public FindingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
