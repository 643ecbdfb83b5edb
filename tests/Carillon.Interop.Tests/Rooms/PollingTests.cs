using System.Text;
using System.Text.Json;
using Carillon.Interop.Tests.Servers;
using Carillon.Interop.Tests.Waiting;

namespace Carillon.Interop.Tests.Rooms;

/// <summary>Long-polling, request by request: what an answer may hold, and how a client may read it.</summary>
public sealed class PollingTests(SharedProcesses shared)
{
    /// <summary>python-engineio (<c>Payload.max_decode_packets</c>) treats a longer answer as an error and drops the connection.</summary>
    private const int MostPackets = 16;

    private const char Separator = '\u001e';

    [Fact]
    public async Task A_poll_after_a_burst_holds_no_more_packets_than_python_clients_accept()
    {
        const int Burst = 100;
        var topic = Names.Topic("burst");
        using var http = new HttpClient { BaseAddress = shared.Server.Address, Timeout = Deadlines.Usual };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("python-requests/2.32.3");
        var session = await SubscribeAsync(http, topic);
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

    [Fact]
    public async Task A_client_that_closes_its_connection_after_each_answer_keeps_its_session()
    {
        // As npm's client does in Node. The answer is long enough for the server to be still at it when the client has all and is gone.
        const int Polls = 400;
        const int Length = 70_000;
        var topic = Names.Topic("closing");
        using var http = new HttpClient { BaseAddress = shared.Server.Address, Timeout = Deadlines.Usual };
        http.DefaultRequestHeaders.ConnectionClose = true;
        var session = await SubscribeAsync(http, topic);

        for (var received = 0; received < Polls;)
        {
            await shared.Server.Api.PublishOkAsync(topic, new string('x', Length));
            string answer;
            do
            {
                using var response = await http.GetAsync(session);
                answer = await response.Content.ReadAsStringAsync();
                response.IsSuccessStatusCode.ShouldBeTrue($"poll after {received} messages: {response.StatusCode} {answer}");
            }
            while (answer.Length < Length); // a ping

            received++;
        }
    }

    private static async Task<string> SubscribeAsync(HttpClient http, string topic)
    {
        var handshake = await http.GetStringAsync("/socket.io/?EIO=4&transport=polling");
        var session = $"/socket.io/?EIO=4&transport=polling&sid={JsonElement.Parse(handshake[1..]).GetProperty("sid").GetString()}";
        await SendAsync(http, session, "40");
        await SendAsync(http, session, $$"""421["subscribe",{"topic":"{{topic}}"}]""");
        while (!(await http.GetStringAsync(session)).Split(Separator).Any(packet => packet.StartsWith("431", StringComparison.Ordinal)))
        {
            // The connect packet: messages come only from the acknowledgement on, /clients lists the subscription a moment before.
        }

        return session;
    }

    private static async Task SendAsync(HttpClient http, string session, string packet)
    {
        using var content = new StringContent(packet, Encoding.UTF8, "text/plain");
        (await http.PostAsync(session, content)).EnsureSuccessStatusCode();
    }
}
