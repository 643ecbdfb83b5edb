using System.Net;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests;

/// <summary>
/// Each sentence of socket.io-protocol v5 that says MUST, and each row of its tables of encodings; docs/protocols/socket-io.md lists which is which.
/// Each comment names the section.
/// </summary>
public sealed class ProtocolTests : IAsyncLifetime
{
    private TestApplication _application = null!;

    public async ValueTask InitializeAsync() => _application = await TestApplication.StartAsync(static server =>
    {
        Apps.Echo(server);
        server.Of("/admin").Use(static (_, _) => ValueTask.FromResult<ConnectRefusal?>(new ConnectRefusal("Not authorized")));
    });

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    // Connection to a namespace
    [Theory]
    [InlineData("2[\"message\"]")]
    [InlineData("2/custom,[\"message\"]")]
    [InlineData("30[]")]
    [InlineData("1")]
    [InlineData("4{\"message\":\"x\"}")]
    [InlineData("51-[\"message\",{\"_placeholder\":true,\"num\":0}]")]
    [InlineData("61-0[{\"_placeholder\":true,\"num\":0}]")]
    public async Task Other_packet_than_connect_at_the_beginning_closes_the_connection(string packet)
    {
        using EngineWebSocket socket = await OpenAsync();

        await socket.SendAsync("4" + packet);

        (await socket.ReadCloseAsync()).ShouldNotBeNull().Code.ShouldBe(1008);
    }

    // Connection to a namespace
    [Fact]
    public async Task Other_packet_than_connect_at_the_beginning_ends_a_polling_session()
    {
        using var client = new EngineClient(_application.Address);
        await client.OpenPollingAsync();

        (await client.PostAsync("42[\"message\"]")).Status.ShouldBe(HttpStatusCode.BadRequest);

        (await client.PollAsync()).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    // Connection to a namespace; Packet encoding, "connection to a namespace"
    [Theory]
    [InlineData("0", "0")]
    [InlineData("0{\"token\":\"123\"}", "0")]
    [InlineData("0/custom,", "0/custom,")]
    [InlineData("0/custom,{\"token\":\"123\"}", "0/custom,")]
    public async Task Connect_that_succeeds_is_answered_by_a_connect_with_the_socket_id(string packet, string answer)
    {
        using EngineWebSocket socket = await OpenAsync();

        await socket.SendAsync("4" + packet);

        string reply = await socket.ReadAsync();
        reply.ShouldStartWith("4" + answer + "{");
        JsonElement payload = JsonDocument.Parse(reply.AsMemory(1 + answer.Length)).RootElement;
        payload.GetProperty("sid").GetString().ShouldNotBeNullOrEmpty();
    }

    // Connection to a namespace; Packet encoding, "connection to a namespace"
    [Theory]
    [InlineData("0/admin,", "4/admin,{\"message\":\"Not authorized\"}")]
    [InlineData("0/unheard-of", "4/unheard-of,{\"message\":\"Invalid namespace\"}")]
    public async Task Connect_that_is_refused_is_answered_by_a_connect_error(string packet, string answer)
    {
        using EngineWebSocket socket = await OpenAsync();

        await socket.SendAsync("4" + packet);

        (await socket.ReadAsync()).ShouldBe("4" + answer);
    }

    // History, "Difference between v5 and v4"
    [Fact]
    public async Task Joining_another_namespace_does_not_join_the_main_one()
    {
        using JoinedClient client = await JoinedClient.OpenAsync(_application, "/custom");

        _application.Server.Of("/").SocketCount.ShouldBe(0);
        await client.SendAsync("42[\"message\"]");

        (await client.ReadCloseReasonAsync()).ShouldContain("not joined");
    }

    // Connection to a namespace
    [Fact]
    public async Task Client_is_in_several_namespaces_at_the_same_time_with_an_id_in_each()
    {
        using JoinedClient client = await JoinedClient.OpenAsync(_application);
        string other = await JoinedClient.JoinAsync(client.Connection, "/custom");

        other.ShouldNotBe(client.Id);
        (await client.AskAsync("42[\"message\",1]")).ShouldBe("42[\"message-back\",1]");
        (await client.AskAsync("42/custom,[\"message\",2]")).ShouldBe("42/custom,[\"message-back\",2]");
    }

    // Sending and receiving data
    [Theory]
    [InlineData("42")]
    [InlineData("42[]")]
    [InlineData("42{}")]
    [InlineData("42\"message\"")]
    [InlineData("42null")]
    [InlineData("4212")]
    [InlineData("450-[]")]
    public async Task Event_whose_payload_is_no_array_or_an_empty_one_closes_the_connection(string packet)
    {
        using JoinedClient client = await JoinedClient.OpenAsync(_application);

        await client.SendAsync(packet);

        (await client.ReadCloseReasonAsync()).ShouldContain("malformed");
    }

    // Acknowledgement
    [Theory]
    [InlineData("42", "43", "12")]
    [InlineData("42", "43", "0")]
    [InlineData("42", "43", "123456789")]
    [InlineData("42/custom,", "43/custom,", "13")]
    public async Task Event_with_an_id_is_acknowledged_with_the_same_id(string packet, string answer, string id)
    {
        using JoinedClient client = await JoinedClient.OpenAsync(_application);
        await JoinedClient.JoinAsync(client.Connection, "/custom");

        (await client.AskAsync($"{packet}{id}[\"ack\",\"bar\"]")).ShouldBe($"{answer}{id}[\"bar\"]");
        (await client.AskAsync($"{packet}{id}[\"ack\"]")).ShouldBe($"{answer}{id}[]");
    }

    // Acknowledgement
    [Fact]
    public async Task Event_with_an_id_and_binary_data_is_acknowledged_with_the_same_id()
    {
        using JoinedClient client = await JoinedClient.OpenAsync(_application);

        await client.SendAsync("451-14[\"ack\",\"foo\",{\"_placeholder\":true,\"num\":0}]");
        await client.SendBinaryAsync(1, 2, 3, 4);

        (await client.ReadAsync()).ShouldBe("461-14[\"foo\",{\"_placeholder\":true,\"num\":0}]");
        (await client.ReadBinaryAsync()).ShouldBe([1, 2, 3, 4]);
    }

    // Acknowledgement
    [Theory]
    [InlineData("4312")]
    [InlineData("4312{}")]
    [InlineData("4312\"bar\"")]
    [InlineData("4312null")]
    [InlineData("460-12{}")]
    public async Task Acknowledgement_whose_payload_is_no_array_closes_the_connection(string packet)
    {
        using JoinedClient client = await JoinedClient.OpenAsync(_application);

        await client.SendAsync(packet);

        (await client.ReadCloseReasonAsync()).ShouldContain("malformed");
    }

    // Acknowledgement
    [Theory]
    [InlineData("[]", false)]
    [InlineData("[\"bar\"]", false)]
    [InlineData("[{\"_placeholder\":true,\"num\":0}]", true)]
    public async Task Acknowledgement_of_the_client_answers_the_event_with_its_id(string payload, bool isBinary)
    {
        using JoinedClient client = await JoinedClient.OpenAsync(_application);
        Socket socket = _application.Server.Of("/").Sockets.Single();
        Task<SocketAnswer> asking = socket.EmitWithAckAsync<SocketAnswer>("foo", [], TimeSpan.FromSeconds(30));
        string id = await client.ReadQuestionAsync("[\"foo\"]");

        await client.SendAsync($"{(isBinary ? "461-" : "43")}{id}{payload}");
        if (isBinary)
        {
            await client.SendBinaryAsync(1, 2, 3, 4);
        }

        SocketAnswer answer = await asking;
        answer.ArgumentCount.ShouldBe(payload == "[]" ? 0 : 1);
        answer.Attachments.Count.ShouldBe(isBinary ? 1 : 0);
    }

    // Packet encoding, "sending and receiving data"
    [Theory]
    [InlineData("2[\"message\",\"foo\"]", "2[\"message-back\",\"foo\"]")]
    [InlineData("2/custom,[\"message\",\"bar\"]", "2/custom,[\"message-back\",\"bar\"]")]
    [InlineData("51-[\"message\",{\"_placeholder\":true,\"num\":0}]", "51-[\"message-back\",{\"_placeholder\":true,\"num\":0}]")]
    [InlineData(
        "52-/custom,[\"message\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]",
        "52-/custom,[\"message-back\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]")]
    public async Task Event_is_encoded_as_the_document_shows_both_ways(string packet, string answer)
    {
        int attachments = packet[0] == '5' ? packet[1] - '0' : 0;
        using JoinedClient client = await JoinedClient.OpenAsync(_application);
        await JoinedClient.JoinAsync(client.Connection, "/custom");

        await client.SendAsync("4" + packet);
        for (int i = 0; i < attachments; i++)
        {
            await client.SendBinaryAsync((byte)i, 2);
        }

        (await client.ReadAsync()).ShouldBe("4" + answer);
        for (int i = 0; i < attachments; i++)
        {
            (await client.ReadBinaryAsync()).ShouldBe([(byte)i, 2]);
        }
    }

    // Disconnection from a namespace; Packet encoding, "disconnection from a namespace"
    [Theory]
    [InlineData("41", "42/custom,[\"message\"]", "42/custom,[\"message-back\"]")]
    [InlineData("41/custom,", "42[\"message\"]", "42[\"message-back\"]")]
    public async Task Disconnect_gets_no_response_and_keeps_the_connection_for_other_namespaces(string packet, string other, string answer)
    {
        using JoinedClient client = await JoinedClient.OpenAsync(_application);
        await JoinedClient.JoinAsync(client.Connection, "/custom");

        await client.SendAsync(packet);

        (await client.AskAsync(other)).ShouldBe(answer);
    }

    // Disconnection from a namespace; Packet encoding, "disconnection from a namespace"
    [Theory]
    [InlineData("/", "41")]
    [InlineData("/custom", "41/custom,")]
    public async Task Disconnect_by_the_server_is_encoded_as_the_document_shows(string namespaceName, string packet)
    {
        using JoinedClient client = await JoinedClient.OpenAsync(_application, namespaceName);

        _application.Server.Of(namespaceName).Sockets.Single().Disconnect();

        (await client.ReadAsync()).ShouldBe(packet);
    }

    private async Task<EngineWebSocket> OpenAsync()
    {
        using var client = new EngineClient(_application.Address);
        EngineWebSocket socket = await client.OpenWebSocketAsync();
        await socket.ReadAsync();
        return socket;
    }
}
