using System.Collections.Concurrent;
using Carillon.Topics;

namespace Carillon.Diagnostics;

/// <summary>Takes the faults of what an application composed a hub of, and tells of each part of each topic at most once a minute: messages come faster than anyone reads. Thread-safe.</summary>
internal sealed class HubFaults(TimeProvider time)
{
    private const int MaxRemembered = 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(HubPart Part, TopicName? Topic), long> _told = new();

    /// <summary>The clock of the hub.</summary>
    public TimeProvider Time => time;

    /// <summary>Told of a fault, on the thread that met it.</summary>
    public Action<HubFaultEventArgs>? Listener { get; set; }

    /// <summary>Takes a fault.</summary>
    public void Report(HubPart part, TopicName? topic, Exception exception)
    {
        if (IsTurnOf((part, topic)))
        {
            Listener?.Invoke(new HubFaultEventArgs(part, topic, exception));
        }
    }

    private bool IsTurnOf((HubPart Part, TopicName? Topic) place)
    {
        long now = time.GetTimestamp();
        if (_told.TryGetValue(place, out long last))
        {
            return time.GetElapsedTime(last, now) >= Pause && _told.TryUpdate(place, now, last);
        }

        if (_told.Count >= MaxRemembered)
        {
            _told.Clear(); // Topics come and go: rather one told twice than all remembered.
        }

        return _told.TryAdd(place, now);
    }
}
