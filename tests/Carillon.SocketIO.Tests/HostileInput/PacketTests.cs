using System.Net;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.HostileInput;

/// <summary>Each packet closes the client that sent it, with a reason, and nobody else.</summary>
public sealed class PacketTests
{
    private const string Deep = "[deep]"; // Stands for JSON of depth 100,000.

    // Packets, separated by a space; "b" is a binary message.
    public static TheoryData<string, string> Violations => new()
    {
        { """4511-["e",{"_placeholder":true,"num":0}]""", "too many attachments" },
        { """451000000000-["e",{"_placeholder":true,"num":0}]""", "too many attachments" },
        { """45999999999999999-["e"]""", "a malformed packet" },
        { """45-["e"]""", "a malformed packet" },
        { """45-1-["e"]""", "a malformed packet" },
        { """451["e"]""", "a malformed packet" },
        { "b", "binary data that no packet announced" },
        { """450-["e"] b""", "binary data that no packet announced" },
        { """42["e"] b""", "binary data that no packet announced" },
        { """451-["e",{"_placeholder":true,"num":0}] b b""", "binary data that no packet announced" },
        { """452-["e",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}] b 42["e"]""", "text where an attachment was announced" },
        { """451-["e",{"_placeholder":true,"num":0}] 41""", "text where an attachment was announced" },
        { """451-["e",{"_placeholder":true,"num":0}] 451-["e",{"_placeholder":true,"num":0}]""", "text where an attachment was announced" },
        { """451-["e",{"_placeholder":true,"num":-1}]""", "a malformed packet" },
        { """451-["e",{"_placeholder":true,"num":1}]""", "a malformed packet" },
        { """451-["e",{"_placeholder":true,"num":4294967296}]""", "a malformed packet" },
        { """451-["e",{"_placeholder":true,"num":1e400}]""", "a malformed packet" },
        { """451-["e",{"_placeholder":true,"num":0.5}]""", "a malformed packet" },
        { """451-["e",{"_placeholder":true,"num":"0"}]""", "a malformed packet" },
        { """451-["e",{"_placeholder":true,"num":null}]""", "a malformed packet" },
        { """451-["e",{"_placeholder":true,"num":[0]}]""", "a malformed packet" },
        { """451-["e",{"_placeholder":true}]""", "a malformed packet" },
        { """451-["e",{"num":9,"\u005fplaceholder":true}]""", "a malformed packet" },
        { """451-["e",{"_placeholder":true,"num":0,"num":7}]""", "a malformed packet" },
        { """451-["e",{"_placeholder":false,"num":7,"_placeholder":true}]""", "a malformed packet" },
        { """451-["e",[{"a":{"b":[{"_placeholder":true,"num":2}]}}]]""", "a malformed packet" },
        { """451-["e",{"num":{"_placeholder":true,"num":3}}]""", "a malformed packet" },
        { """461-1[{"_placeholder":true,"num":1}]""", "a malformed packet" },
        { """461-[{"_placeholder":true,"num":0}] b""", "a malformed packet" },
        { """451-[{"_placeholder":true,"num":0}]""", "a malformed event" },
        { "459-[]", "a malformed event" },
        { """451-{"e":{"_placeholder":true,"num":0}}""", "a malformed packet" },
        { """451-["connect",{"_placeholder":true,"num":0}]""", "a malformed event" },
        { """42[{"toString":"x"}]""", "a malformed event" },
        { """42[["e"]]""", "a malformed event" },
        { """42[true]""", "a malformed event" },
        { """42[""", "a malformed event" },
        { """42["e"}""", "a malformed event" },
        { """42["e"]["e"]""", "a malformed event" },
        { """42"e" """, "a malformed event" },
        { """42["connect"]""", "a malformed event" },
        { """42["connect_error"]""", "a malformed event" },
        { """42["disconnect"]""", "a malformed event" },
        { """42["disconnecting"]""", "a malformed event" },
        { """42["newListener"]""", "a malformed event" },
        { """42["removeListener"]""", "a malformed event" },
        { """42["dis\u0063onnect"]""", "a malformed event" },
        { """42["\ud800"]""", "a malformed event" },
        { """40[]""", "a malformed packet" },
        { """40/other,[]""", "a malformed packet" },
        { """40/other,"x" """, "a malformed packet" },
        { """40/other,{"a":}""", "a malformed packet" },
        { """4""", "a malformed packet" },
        { """4999""", "a malformed packet" },
        { """47[]""", "a malformed packet" },
        { """4-1[]""", "a malformed packet" },
        { """41{}""", "a malformed packet" },
        { "40/" + new string('n', 255), "a malformed packet" },
        { """44{"message":"x"}""", "a packet only servers send" },
        { """40""", "a namespace was joined twice" },
        { """42/unknown,["e"]""", "a packet for a namespace that was not joined" },
        { """42/__proto__,["e"]""", "a packet for a namespace that was not joined" },
        { """42/,["e"] 42//,["e"]""", "a packet for a namespace that was not joined" },
        { """41/unknown""", "a packet for a namespace that was not joined" },
        { """43/unknown,1[]""", "a packet for a namespace that was not joined" },
        { """429999999999999999["e"]""", "a malformed packet" },
        { """439999999999999999[]""", "a malformed packet" },
        { """43[]""", "a malformed packet" },
        { """431{}""", "a malformed packet" },
        { """431""", "a malformed packet" },
        { $"""42["e",{Deep}]""", "a malformed event" },
        { $"""451-["e",{Deep}]""", "a malformed packet" },
        { $$"""40/other,{"a":{{Deep}}}""", "a malformed packet" },
        { $"""431[{Deep}]""", "a malformed packet" },
    };

    // Packets that look odd and hurt nobody.
    public static TheoryData<string> Harmless =>
    [
        "43999999999999999[]", // Nobody asked.
        "430[1] 430[1]",
        """42["unknown",{"toString":"x","__proto__":null,"a":1,"a":2}]""",
        """42[0] 42[-1.5e3]""",
        """450-["e",{"_placeholder":true,"num":0}]""",
        """42["e",{"_placeholder":true,"num":-1}]""",
        """451-["e"] b""",
        """451-["e",{"_placeholder":"true","num":7},{"num":7}] b""",
        """451-["e",{"\ud800_placeholder":true,"_placeholder\udc00":1}] b""",
        """42/,["e"]""",
        """40/unknown, 40/unknown,""",
        """40/__proto__""",
        "6",
        "3",
    ];

    [Theory]
    [MemberData(nameof(Violations))]
    public async Task Violation_by_websocket_closes_that_client_alone_with_its_reason(string packets, string reason)
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo);
        using JoinedClient neighbour = await JoinedClient.OpenAsync(application);
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        foreach (string packet in Split(packets))
        {
            await (packet == "b" ? client.SendBinaryAsync(1) : client.SendAsync(packet));
        }

        (await client.ReadCloseReasonAsync()).ShouldBe("parse error: " + reason);
        (await neighbour.AskAsync("421[\"ack\",\"still here\"]")).ShouldBe("431[\"still here\"]");
        await Eventually.BeTrueAsync(() => application.Server.ConnectionCount == 1);
        application.Log.Entries.ShouldNotContain(static entry => entry.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    [Theory]
    [MemberData(nameof(Violations))]
    public async Task Violation_by_polling_closes_that_client_alone(string packets, string reason)
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo);
        using JoinedClient neighbour = await JoinedClient.OpenAsync(application);
        using var client = new EngineClient(application.Address);
        await client.OpenPollingAsync();
        await client.PostAsync("40");
        await client.PollPacketsAsync();

        (HttpStatusCode status, string body) = await client.PostAsync([.. Split(packets).Select(static packet => packet == "b" ? "bAQ==" : packet)]);

        status.ShouldBe(HttpStatusCode.BadRequest, reason);
        body.ShouldContain("\"code\":3");
        (await client.PollAsync()).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await neighbour.AskAsync("421[\"ack\",\"still here\"]")).ShouldBe("431[\"still here\"]");
        application.Server.ConnectionCount.ShouldBe(1);
        application.Log.Entries.ShouldNotContain(static entry => entry.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    [Theory]
    [MemberData(nameof(Harmless))]
    public async Task Odd_packet_is_answered_or_ignored(string packets)
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo);
        using var client = new EngineClient(application.Address);
        await client.OpenPollingAsync();
        await client.PostAsync("40");
        await client.PollPacketsAsync();

        foreach (string packet in Split(packets))
        {
            (await client.PostAsync(packet == "b" ? "bAQ==" : packet)).Status.ShouldBe(HttpStatusCode.OK);
        }

        (await client.PostAsync("427[\"ack\",\"fine\"]")).Status.ShouldBe(HttpStatusCode.OK);
        (await client.PollPacketsAsync()).ShouldContain("437[\"fine\"]");
    }

    private static IEnumerable<string> Split(string packets) =>
        packets.Trim().Split(' ').Select(static packet => packet.Replace(Deep, new string('[', 100_000), StringComparison.Ordinal));
}
