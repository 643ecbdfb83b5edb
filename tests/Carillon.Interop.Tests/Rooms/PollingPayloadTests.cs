using System.Text;
using System.Text.Json;
using Carillon.Interop.Tests.Servers;

namespace Carillon.Interop.Tests.Rooms;

/// <summary>What one long-polling answer may hold.</summary>
public sealed class PollingPayloadTests(SharedProcesses shared)
{
    /// <summary>python-engineio (<c>Payload.max_decode_packets</c>) treats a longer answer as an error and drops the connection.</summary>
    private const int MostPackets = 16;

    private const char Separator = '\u001e';

    [Fact]
    public async Task A_poll_after_a_burst_holds_no_more_packets_than_python_clients_accept()
    {
        const int Burst = 100;
        var topic = Names.Topic("burst");
        using var http = new HttpClient { BaseAddress = shared.Server.Address, Timeout = Waiting.Deadlines.Usual };
        var handshake = await http.GetStringAsync("/socket.io/?EIO=4&transport=polling");
        var session = $"/socket.io/?EIO=4&transport=polling&sid={JsonElement.Parse(handshake[1..]).GetProperty("sid").GetString()}";
        await SendAsync(http, session, "40");
        await SendAsync(http, session, $$"""42["subscribe",{"topic":"{{topic}}"}]""");
        await Waiting.Eventually.BecomesAsync(() => shared.Server.Api.ClientsAsync(topic), rows => rows.Count == 1, "the subscription");
        for (var i = 0; i < Burst; i++)
        {
            await shared.Server.Api.PublishOkAsync(topic, i);
        }

        List<string> events = [];
        while (events.Count < Burst)
        {
            var packets = (await http.GetStringAsync(session)).Split(Separator);
            packets.Length.ShouldBeLessThanOrEqualTo(MostPackets);
            events.AddRange(packets.Where(packet => packet.StartsWith("42", StringComparison.Ordinal)));
        }

        events.ShouldBe(Enumerable.Range(0, Burst).Select(i => $$"""42["{{topic}}",{"message":{{i}}}]"""));
    }

    private static async Task SendAsync(HttpClient http, string session, string packet)
    {
        using var content = new StringContent(packet, Encoding.UTF8, "text/plain");
        (await http.PostAsync(session, content)).EnsureSuccessStatusCode();
    }
}
