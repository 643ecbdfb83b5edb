using Carillon.Interop.Tests.Http;

namespace Carillon.Interop.Tests.Crash;

/// <summary>Compares a server's history with what its publishers know.</summary>
internal static class HistoryAudit
{
    /// <summary>How the fault of an acknowledged message that is not there ends.</summary>
    public const string Lost = "was acknowledged and is lost";

    /// <summary>Everything that breaks a promise: a lost or doubled message, another offset than acknowledged, a gap, an invented message.</summary>
    public static async Task<IReadOnlyList<string>> FaultsAsync(CarillonApi api, PublisherLedger ledger, IEnumerable<string> topics)
    {
        List<string> faults = [.. ledger.Faults];
        var known = ledger.Acknowledged;
        var unanswered = ledger.Unanswered.ToHashSet();
        foreach (var topic in topics)
        {
            Dictionary<string, long> stored = new(StringComparer.Ordinal);
            long expected = 0;
            foreach (var row in await api.HistoryAsync(topic))
            {
                var (id, offset) = (row.Text("message_id")!, row.Offset());
                var key = new PublishKey(topic, id);
                Check(offset == ++expected, $"offset {offset} of {key} follows {expected - 1}");
                Check(stored.TryAdd(id, offset), $"{key} is stored twice");
                Check(row.GetProperty("message").Text("id") == id, $"{key} holds the message of {row.GetProperty("message")}");
                Check(known.ContainsKey(key) || unanswered.Contains(key), $"{key} was never sent");
            }

            foreach (var (key, offset) in known.Where(entry => entry.Key.Topic == topic))
            {
                Check(stored.TryGetValue(key.MessageId, out var at), $"{key} {Lost}");
                Check(at == offset || at == 0, $"{key} was acknowledged with offset {offset} and is stored with {at}");
            }
        }

        return faults;

        void Check(bool right, string fault)
        {
            if (!right)
            {
                faults.Add(fault);
            }
        }
    }
}
