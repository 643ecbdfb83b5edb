using Carillon.Connections;

namespace Carillon.MicroBench;

/// <summary>A transport that takes every frame at once and lets it go: what is measured ends with the outbox.</summary>
internal sealed class Drain(Outbox outbox) : IOutboxTransport
{
    private static readonly Frame[] Taken = new Frame[8];

    public void OnFramesWaiting()
    {
        while (outbox.Take(Taken) > 0)
        {
        }
    }
}
