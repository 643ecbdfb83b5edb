namespace Carillon.SocketIO.Tests.Cluster;

/// <summary>What goes wrong with a transport, for each of its methods by name. Nothing, at first.</summary>
internal sealed class LoopbackFaults
{
    /// <summary>The method that fails; null for none.</summary>
    public string? Fails { get; set; }

    /// <summary>The method that takes its time; null for none.</summary>
    public string? Waits { get; set; }

    /// <summary>What the slow method waits for.</summary>
    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async ValueTask PassAsync(string method, CancellationToken cancellationToken)
    {
        if (Fails == method)
        {
            throw new IOException("the line is cut");
        }

        if (Waits == method)
        {
            await Gate.Task.WaitAsync(cancellationToken);
        }
    }
}
