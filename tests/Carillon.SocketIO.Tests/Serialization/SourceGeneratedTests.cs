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
        await application.Server.EmitAsync("parcel", (object)new Parcel("sent", []), 5);
        (await client.ReadAsync()).ShouldBe("""451-["parcel",{"name":"sent","content":{"_placeholder":true,"num":0}},5]""");
    }

    [Fact]
    public async Task Unregistered_type_is_the_servers_fault_and_named_in_the_log()
    {
        await using TestApplication application = await TestApplication.StartAsync(
            static server => server.OnConnection(static socket =>
            {
                socket.On("in", static (Unknown unknown) => unknown.Number);
                socket.On("out", static () => new Unknown(1));
            }),
            Options);
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        (await client.AskAsync("421[\"in\",{}]")).ShouldBe("431[{\"error\":\"internal error\"}]");
        (await client.AskAsync("422[\"out\"]")).ShouldBe("432[{\"error\":\"internal error\"}]");

        application.Log.Entries.Count(static entry => entry.Text.Contains(nameof(Unknown), StringComparison.Ordinal)).ShouldBe(2);
    }

    private sealed record Parcel(string Name, byte[] Content);

    private sealed record Unknown(int Number);

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(Parcel))]
    private sealed partial class Known : JsonSerializerContext;
}
