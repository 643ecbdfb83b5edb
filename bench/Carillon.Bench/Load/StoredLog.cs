using System.Net;
using System.Text;
using System.Text.Json;
using Carillon.Bench.Wire;

namespace Carillon.Bench.Load;

/// <summary>Walks a topic's stored messages over HTTP and compares them with what the answers to the publishers said.</summary>
internal static class StoredLog
{
    private const int PageSize = 1000;

    public static async Task<Verdict> CompareAsync(IPEndPoint server, string topic, IReadOnlyList<long> offsets)
    {
        using HttpClient client = new() { BaseAddress = new Uri($"http://{server}") };
        HashSet<int> stored = [];
        long last = 0;
        long disordered = 0;
        while (true)
        {
            string address = $"/messages?topic={topic}&after={last}&order=asc&limit={PageSize}";
            using JsonDocument page = await JsonDocument.ParseAsync(await client.GetStreamAsync(address));
            foreach (JsonElement row in page.RootElement.EnumerateArray())
            {
                long offset = row.GetProperty("offset").GetInt64();
                int sequence = MessageTemplate.ReadSequence(Encoding.UTF8.GetBytes(row.GetProperty("message").GetRawText()));
                bool inPlace = offset == last + 1 && sequence >= 0 && offsets[sequence] == offset;
                disordered += stored.Add(sequence) && inPlace ? 0 : 1;
                last = offset;
            }
            if (page.RootElement.GetArrayLength() < PageSize)
            {
                return new Verdict(offsets.Count - stored.Count, disordered);
            }
        }
    }
}
