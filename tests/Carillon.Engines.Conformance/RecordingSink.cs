using Carillon.Messages;
using Carillon.Topics;

namespace Carillon.Engines.Conformance;

/// <summary>A sink that remembers what it was given, and whether it was ever called from two threads at a time.</summary>
public sealed class RecordingSink : IMessageSink
{
    // Guards the list against tests that read while the engine writes.
    private readonly Lock _lock = new();
    private readonly List<Message> _messages = [];
    private int _inside;
    private int _overlaps;

    /// <summary>How often a call began before the previous one had ended; 0 for a correct engine.</summary>
    public int Overlaps => Volatile.Read(ref _overlaps);

    /// <summary>How many messages have arrived.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _messages.Count;
            }
        }
    }

    /// <summary>A copy of what has arrived, in order.</summary>
    public IReadOnlyList<Message> Messages
    {
        get
        {
            lock (_lock)
            {
                return [.. _messages];
            }
        }
    }

    /// <inheritdoc/>
    public void OnMessages(ReadOnlySpan<Message> batch)
    {
        if (Interlocked.Exchange(ref _inside, 1) == 1)
        {
            Interlocked.Increment(ref _overlaps);
        }

        lock (_lock)
        {
            _messages.AddRange(batch);
        }

        Volatile.Write(ref _inside, 0);
    }

    /// <summary>What has arrived of one topic, in order.</summary>
    public IReadOnlyList<Message> Of(TopicName topic) => [.. Messages.Where(message => message.Topic == topic)];

    /// <summary>Waits until <paramref name="count"/> messages have arrived.</summary>
    public Task ReachesAsync(int count) => Eventually.HoldsAsync(() => Count >= count, $"{count} messages at the sink, it has {Count}");
}
