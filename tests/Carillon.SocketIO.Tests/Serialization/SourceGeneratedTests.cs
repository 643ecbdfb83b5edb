using System.Text.Json;
using System.Text.Json.Serialization;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.Serialization;

public sealed partial class SourceGeneratedTests
{
    private static readonly SocketIOOptions Options = new() { Json = new JsonSerializerOptions(JsonSerializerDefaults.Web) { TypeInfoResolver = Known.Default } };

    [Fact]
    public async Task Registered_and_common_types_need_no_reflection()
    {
        await using TestApplication application = await TestApplication.StartAsync(
            static server =>
            {
                server.Of("/").Use(static (socket, _) => ValueTask.FromResult(socket.Handshake.GetAuth<Parcel>() is null ? null : new ConnectRefusal("no", new Parcel("refused", [1]))));
                server.OnConnection(static socket =>
                {
                    socket.On("parcel", static (Parcel parcel) => parcel with { Name = parcel.Name + "!" });
                    socket.On("common", static (string a, int b, bool c, JsonElement d) => $"{a}{b}{c}{d.ValueKind}");
                    socket.On("binary", static (byte[] a, ReadOnlyMemory<byte> b) => a.Length + b.Length);
                    socket.On("optional", static (int? a, Guid? b, JsonElement? c, object? d) => $"{a}{b is null}{c is null}{d is null}");
                });
            },
            Options);
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        await client.SendAsync("""451-1["parcel",{"name":"a","content":{"_placeholder":true,"num":0}}]""");
        await client.SendBinaryAsync(9);
        (await client.ReadAsync()).ShouldBe("""461-1[{"name":"a!","content":{"_placeholder":true,"num":0}}]""");
        (await client.ReadBinaryAsync()).ShouldBe([9]);
        (await client.AskAsync("422[\"common\",\"a\",1,true,{\"x\":[]}]")).ShouldBe("432[\"a1TrueObject\"]");
        (await client.AskAsync("423[\"binary\",\"AQ==\",\"AQID\"]")).ShouldBe("433[4]");
        (await client.AskAsync("424[\"optional\",1.0]")).ShouldBe("434[\"1TrueTrueTrue\"]");
        await application.Server.EmitAsync("parcel", (object)new Parcel("sent", []), 5);
        (await client.ReadAsync()).ShouldBe("""451-["parcel",{"name":"sent","content":{"_placeholder":true,"num":0}},5]""");
    }

    [Fact]
    public async Task Handler_of_an_unregistered_type_is_refused_when_it_is_set_with_what_to_add()
    {
        var refused = new TaskCompletionSource<string[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestApplication application = await TestApplication.StartAsync(
            server => server.OnConnection(socket => refused.SetResult(
            [
                Message(() => socket.On("in", static (Unknown unknown) => unknown.Number)),
                Message(() => socket.On("later", static (int _, SocketEvent _, List<Unknown[]> unknown, CancellationToken _) => { })),
                Message(() => socket.On("out", static () => new Unknown(1))),
                Message(() => socket.On("out later", static async (string text) => await Task.FromResult<short?>(1))),
            ])),
            Options);
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        string[] messages = await refused.Task.WaitAsync(TimeSpan.FromSeconds(30));

        const string Name = "Carillon.SocketIO.Tests.Serialization.SourceGeneratedTests.Unknown";
        messages[0].ShouldBe($"The handler of \"in\" needs {Name}, which the serializer settings do not know: add [JsonSerializable(typeof({Name}))] to the JsonSerializerContext in SocketIOOptions.Json.");
        messages[1].ShouldContain($"add [JsonSerializable(typeof(System.Collections.Generic.List<{Name}[]>))]");
        messages[2].ShouldContain($"The handler of \"out\" needs {Name},");
        messages[3].ShouldContain("add [JsonSerializable(typeof(System.Int16?))]");

        static string Message(Action on) => Should.Throw<NotSupportedException>(on).Message;
    }

    [Fact]
    public async Task Question_whose_answer_is_of_an_unregistered_type_is_not_asked()
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo, Options);
        using JoinedClient client = await JoinedClient.OpenAsync(application);
        Socket socket = application.Server.Of("/").Sockets.Single();

        (await Should.ThrowAsync<NotSupportedException>(socket.EmitWithAckAsync<Unknown>("ask", [], Timeout.InfiniteTimeSpan))).Message.ShouldStartWith("The answer to \"ask\" needs ");
        await Should.ThrowAsync<NotSupportedException>(application.Server.EmitWithAckAsync<Unknown>("ask", [], Timeout.InfiniteTimeSpan));

        (await client.AskAsync("421[\"ack\",1]")).ShouldBe("431[1]");
    }

    [Fact]
    public async Task Unregistered_type_that_is_acknowledged_is_the_servers_fault_and_named_in_the_log()
    {
        await using TestApplication application = await TestApplication.StartAsync(
            static server => server.OnConnection(static socket => socket.On("out", static received =>
            {
                received.Acknowledge(new Unknown(1));
                return ValueTask.CompletedTask;
            })),
            Options);
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        (await client.AskAsync("422[\"out\"]")).ShouldBe("432[{\"error\":\"internal error\"}]");

        application.Log.Entries.ShouldContain(static entry => entry.Text.Contains(nameof(Unknown), StringComparison.Ordinal));
    }

    private sealed record Parcel(string Name, byte[] Content);

    private sealed record Unknown(int Number);

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(Parcel))]
    private sealed partial class Known : JsonSerializerContext;
}
