using System.Threading.Channels;

namespace Carillon.AspNetCore.Channels;

/// <summary>The messages of one client that nobody has taken yet, and the right to handle them, which one has at a time. Thread-safe.</summary>
internal sealed class ChannelInbox : IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private int _isHandling;

    public ChannelInbox(int capacity)
    {
        Messages = Channel.CreateBounded<ChannelMessage>(capacity);
        Ended = _ended.Token;
    }

    public Channel<ChannelMessage> Messages { get; }

    /// <summary>Cancelled when no more messages come.</summary>
    public CancellationToken Ended { get; }

    public bool TryBeginHandling() => Interlocked.CompareExchange(ref _isHandling, 1, 0) == 0;

    /// <summary>To be asked by who found no more messages: whether he goes on, because one has come meanwhile and nobody else handles it.</summary>
    public bool ContinuesHandling()
    {
        Interlocked.Exchange(ref _isHandling, 0);
        return Messages.Reader.Count > 0 && TryBeginHandling();
    }

    /// <summary>No more messages come; those that wait can still be taken.</summary>
    public void Complete()
    {
        if (Messages.Writer.TryComplete())
        {
            _ = _ended.CancelAsync(); // What is registered there is the application's; its faults are not ours.
        }
    }

    public void Dispose() => _ended.Dispose();
}
