namespace Carillon.Fuzz;

/// <summary>A way into the server for bytes that a client chooses. Not thread-safe.</summary>
public abstract class FuzzTarget
{
    /// <summary>Its name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>Inputs that mean something, to be mutated.</summary>
    public abstract IReadOnlyList<byte[]> Corpus { get; }

    /// <summary>How much memory an input of <paramref name="length"/> bytes may allocate, in bytes.</summary>
    public virtual long MaxAllocation(int length) => (256 * 1024) + (256 * (long)length);

    /// <summary>Takes one input. Any exception is a finding: what must hold is checked inside.</summary>
    public abstract void Execute(byte[] input);

    /// <summary>All targets, each new.</summary>
    public static IReadOnlyList<FuzzTarget> CreateAll() => [new Targets.SocketIOPackets(), new Targets.PollingPayloads(), new Targets.WebSocketFrames()];

    /// <summary>Throws a <see cref="FindingException"/> unless something holds.</summary>
    protected static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new FindingException(what);
        }
    }
}
