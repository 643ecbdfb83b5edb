using System.Net;
using System.Text;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.Binary;

public sealed class BinaryTests
{
    private const string First = """{"_placeholder":true,"num":0}""";
    private const string Second = """{"_placeholder":true,"num":1}""";

    [Fact]
    public async Task Attachments_reach_the_handler_and_come_back_in_the_acknowledgement()
    {
        await using TestApplication application = await TestApplication.StartAsync(Echo);
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        await client.SendAsync($"451-7[\"echo\",{First}]");
        await client.SendBinaryAsync(1, 2, 3);

        (await client.ReadAsync()).ShouldBe($"461-7[{First}]");
        (await client.ReadBinaryAsync()).ShouldBe([1, 2, 3]);
    }

    [Theory]
    [InlineData("nested", $$"""{"name":"a","content":{{First}},"parts":[{{Second}},{"_placeholder":true,"num":2}]}""")]
    [InlineData("nested", $$"""{"parts":[{{Second}},{"_placeholder":true,"num":2}],"content":{{First}},"name":"a"}""")]
    [InlineData("nested", """{"name":"a","content":{"num":0,"_placeholder":true},"parts":[{"num":5,"_placeholder":true,"num":1},{"_placeholder":true,"num":2}]}""")]
    public async Task Nested_attachments_are_found_wherever_they_stand(string name, string document)
    {
        await using TestApplication application = await TestApplication.StartAsync(Echo);
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        await client.SendAsync($"453-1[\"{name}\",{document}]");
        await client.SendBinaryAsync(1);
        await client.SendBinaryAsync();
        await client.SendBinaryAsync(3, 3, 3);

        (await client.ReadAsync()).ShouldBe("463-1[" + $$"""{"name":"a","content":{{First}},"parts":[{{Second}},{"_placeholder":true,"num":2}]}""" + "]");
        (await client.ReadBinaryAsync()).ShouldBe([1]);
        (await client.ReadBinaryAsync()).ShouldBeEmpty();
        (await client.ReadBinaryAsync()).ShouldBe([3, 3, 3]);
    }

    [Fact]
    public async Task Placeholders_in_any_order_and_used_twice_stand_for_their_number()
    {
        await using TestApplication application = await TestApplication.StartAsync(static server => server.OnConnection(static socket =>
            socket.On("three", static (byte[] a, ReadOnlyMemory<byte> b, byte[] c) => $"{Encoding.ASCII.GetString(a)} {Encoding.ASCII.GetString(b.Span)} {Encoding.ASCII.GetString(c)}")));
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        await client.SendAsync($"452-1[\"three\",{Second},{First},{Second}]");
        await client.SendBinaryAsync("zero"u8.ToArray());
        await client.SendBinaryAsync("one"u8.ToArray());

        (await client.ReadAsync()).ShouldBe("431[\"one zero one\"]");
    }

    [Theory]
    [InlineData("421[\"length\",\"AQIDBA==\"]")]
    [InlineData("450-1[\"length\",\"AQIDBA==\"]")]
    public async Task Base64_text_is_taken_for_binary_data(string packet)
    {
        await using TestApplication application = await TestApplication.StartAsync(Echo);
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        (await client.AskAsync(packet)).ShouldBe("431[4]");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Polling_carries_attachments_in_base64_both_ways(bool inOnePost)
    {
        await using TestApplication application = await TestApplication.StartAsync(Echo);
        using var client = new EngineClient(application.Address);
        await client.OpenPollingAsync();
        await client.PostAsync("40");
        await client.PollPacketsAsync();

        string[] packets = [$"452-7[\"both\",{Second},{First}]", "bAQID", "b"];
        if (inOnePost)
        {
            (await client.PostAsync(packets)).Status.ShouldBe(HttpStatusCode.OK);
        }
        else
        {
            foreach (string packet in packets)
            {
                (await client.PostAsync(packet)).Status.ShouldBe(HttpStatusCode.OK);
            }
        }

        (await client.PollPacketsAsync()).ShouldBe([$"462-7[{{\"a\":{First},\"b\":{Second}}}]", "b", "bAQID"]);
    }

    [Fact]
    public async Task Attachments_of_an_event_come_right_behind_it_among_many_senders()
    {
        await using TestApplication application = await TestApplication.StartAsync(static server => server.OnConnection(static socket => socket.Join("all")));
        using JoinedClient client = await JoinedClient.OpenAsync(application);
        await application.AllAreInAsync("all");
        const int each = 100;

        await Parallel.ForAsync(0, 4, async (sender, _) =>
        {
            for (int i = 0; i < each; i++)
            {
                var bytes = new byte[] { (byte)sender, (byte)i };
                await application.Server.To("all").EmitAsync("mixed", sender, bytes);
                await application.Server.EmitAsync("text", i);
                await application.Server.Of("/").EmitAsync("two", bytes, new { inner = (ReadOnlyMemory<byte>)bytes });
            }
        });

        for (int received = 0; received < 3 * 4 * each; received++)
        {
            string packet = await client.ReadAsync();
            int attachments = packet.StartsWith("42", StringComparison.Ordinal) ? 0 : packet[2] - '0';
            byte[][] bytes = await Task.WhenAll(Enumerable.Range(0, attachments).Select(_ => client.ReadBinaryAsync()));
            switch (attachments)
            {
                case 1:
                    packet.ShouldBe($"451-[\"mixed\",{bytes[0][0]},{First}]");
                    break;
                case 2:
                    packet.ShouldBe($"452-[\"two\",{First},{{\"inner\":{Second}}}]");
                    bytes[0].ShouldBe(bytes[1]);
                    break;
                default:
                    packet.ShouldStartWith("42[\"text\",");
                    break;
            }
        }
    }

    [Fact]
    public async Task Event_with_attachments_can_be_passed_on_as_it_came()
    {
        await using TestApplication application = await TestApplication.StartAsync(static server => server.OnConnection(static socket =>
            socket.On("pass on", received => socket.Broadcast.EmitJsonAsync("passed on", received.ArgumentsJson.Span, [.. received.Attachments]))));
        using JoinedClient sender = await JoinedClient.OpenAsync(application);
        using JoinedClient other = await JoinedClient.OpenAsync(application);

        await sender.SendAsync($"452-[\"pass on\",[{Second}] , {First}]");
        await sender.SendBinaryAsync(0);
        await sender.SendBinaryAsync(1, 1);

        (await other.ReadAsync()).ShouldBe($"452-[\"passed on\",[{Second}] , {First}]");
        (await other.ReadBinaryAsync()).ShouldBe([0]);
        (await other.ReadBinaryAsync()).ShouldBe([1, 1]);
    }

    [Fact]
    public async Task Attachment_of_almost_the_limit_comes_back_whole()
    {
        await using TestApplication application = await TestApplication.StartAsync(Echo);
        using JoinedClient client = await JoinedClient.OpenAsync(application);
        byte[] large = new byte[999_000];
        new Random(1).NextBytes(large);

        await client.SendAsync($"451-7[\"echo\",{First}]");
        await client.SendBinaryAsync(large);

        (await client.ReadAsync()).ShouldBe($"461-7[{First}]");
        (await client.ReadBinaryAsync()).AsSpan().SequenceEqual(large).ShouldBeTrue();
    }

    private static void Echo(SocketIOServer server) => server.OnConnection(static socket =>
    {
        socket.On("echo", static (ReadOnlyMemory<byte> data) => data);
        socket.On("nested", static (Document document) => document);
        socket.On("length", static (byte[] data) => data.Length);
        socket.On("both", static (byte[] a, byte[] b) => new { a = b.Length == 3 ? a : b, b = b.Length == 3 ? b : a });
    });

    private sealed record Document(string Name, byte[] Content, ReadOnlyMemory<byte>[] Parts);
}
