namespace Carillon.Engines.InMemory;

/// <summary>Who has published where, the last pairs that were new: clients choose the names of producers, so that there is no end to them. Not thread-safe: its engine's lock guards it.</summary>
internal sealed class RecentProducers
{
    /// <summary>Most pairs that are kept; more than that no listing shows.</summary>
    internal const int Most = 10_000;

    private readonly HashSet<ProducerLink> _links = [];
    private readonly Queue<ProducerLink> _byAge = new();

    public void Add(ProducerLink link)
    {
        if (!_links.Add(link))
        {
            return;
        }

        _byAge.Enqueue(link);
        if (_byAge.Count > Most)
        {
            _links.Remove(_byAge.Dequeue()); // If it publishes still, it is new with its next message.
        }
    }

    public ProducerLink[] Newest(int limit) => [.. _byAge.Skip(Math.Max(0, _byAge.Count - limit))];
}
