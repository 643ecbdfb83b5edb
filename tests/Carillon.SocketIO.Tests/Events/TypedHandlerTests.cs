using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.Events;

public sealed class TypedHandlerTests
{
    [Theory]
    [InlineData("action", "[]")]
    [InlineData("task", "[]")]
    [InlineData("value task", "[]")]
    [InlineData("result", "[5]")]
    [InlineData("null result", "[null]")]
    [InlineData("task result", "[\"later\"]")]
    [InlineData("value task result", "[{\"id\":\"a\",\"count\":3}]")]
    public async Task Event_is_acknowledged_with_what_its_handler_returns(string name, string answer)
    {
        await using TestApplication application = await TestApplication.StartAsync(static server => server.OnConnection(static socket =>
        {
            socket.On("action", static () => { });
            socket.On("task", static async () => await Task.Yield());
            socket.On("value task", static () => ValueTask.CompletedTask);
            socket.On("result", static () => 5);
            socket.On("null result", static () => (string?)null);
            socket.On("task result", static async () =>
            {
                await Task.Yield();
                return "later";
            });
            socket.On("value task result", static () => ValueTask.FromResult(new Order("a", 3)));
        }));
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        (await client.AskAsync($"427[\"{name}\"]")).ShouldBe("437" + answer);
    }

    [Theory]
    [InlineData("421[\"none\"]", "431[\"none\"]")]
    [InlineData("421[\"none\",\"too\",\"many\"]", "431[\"none\"]")]
    [InlineData("421[\"one\",{\"id\":\"x\",\"count\":1,\"more\":true}]", "431[{\"id\":\"x\",\"count\":1}]")]
    [InlineData("421[\"one\"]", "431[null]")]
    [InlineData("421[\"two\",\"a\",-1]", "431[\"a-1\"]")]
    [InlineData("421[\"three\",\"a\",2,true]", "431[\"a2True\"]")]
    [InlineData("421[\"four\",\"a\",2,false,[1.5,2.5]]", "431[\"a2False4\"]")]
    [InlineData("421[\"four\",\"a\",2,false,[1.5,2.5],\"one too many\"]", "431[\"a2False4\"]")]
    [InlineData("421[\"optional\"]", "431[\"none none\"]")]
    [InlineData("421[\"optional\",null,null]", "431[\"none none\"]")]
    [InlineData("421[\"optional\",\"a\",4]", "431[\"a 4\"]")]
    [InlineData("421[\"special\",9]", "431[\"special 9 True\"]")]
    [InlineData("421[\"two\",\"a\",-1.0]", "431[\"a-1\"]")]
    [InlineData("421[\"two\",\"1.0\",2E0]", "431[\"1.02\"]")]
    [InlineData("421[\"three\",\"a\",9.223372036854775807e18,true]", "431[\"a9223372036854775807True\"]")]
    [InlineData("421[\"one\",{\"id\":\"1.0\",\"count\":12.00}]", "431[{\"id\":\"1.0\",\"count\":12}]")]
    [InlineData("421[\"optional\",\"a\",-0.0]", "431[\"a 0\"]")]
    [InlineData("421[42,\"the answer\"]", "431[\"the answer\"]")]
    [InlineData("421[\"\\u0074wo\",\"escaped\",1]", "431[\"escaped1\"]")]
    public async Task Arguments_become_parameters(string packet, string answer)
    {
        await using TestApplication application = await TestApplication.StartAsync(Handlers);
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        (await client.AskAsync(packet)).ShouldBe(answer);
    }

    [Theory]
    [InlineData("[\"one\",5]", "argument 1: expected an object of the kind Order")]
    [InlineData("[\"one\",{\"id\":\"x\",\"count\":\"many\"}]", "argument 1 at $.count: expected an object of the kind Order")]
    [InlineData("[\"two\",\"a\"]", "argument 2: expected a whole number in range")]
    [InlineData("[\"two\",\"a\",1e400]", "argument 2: expected a whole number in range")]
    [InlineData("[\"two\",\"a\",1.5]", "argument 2: expected a whole number in range")]
    [InlineData("[\"two\",\"a\",15e-1]", "argument 2: expected a whole number in range")]
    [InlineData("[\"two\",\"a\",1e10]", "argument 2: expected a whole number in range")]
    [InlineData("[\"two\",\"a\",\"1.0\"]", "argument 2: expected a whole number in range")]
    [InlineData("[\"one\",{\"id\":1.0,\"count\":1.0}]", "argument 1 at $.id: expected an object of the kind Order")]
    [InlineData("[\"two\",{},1]", "argument 1: expected a string")]
    [InlineData("[\"two\",null,1]", "argument 1: expected a string")]
    [InlineData("[\"two\"]", "argument 1: expected a string")]
    [InlineData("[\"order\",1,null]", "argument 2: expected an object of the kind Order")]
    [InlineData("[\"order\",1]", "argument 2: expected an object of the kind Order")]
    [InlineData("[\"method\",null]", "argument 1: expected a string")]
    [InlineData("[\"extension\",null]", "argument 1: expected an array")]
    [InlineData("[\"three\",\"a\",1,\"yes\"]", "argument 3: expected a boolean")]
    [InlineData("[\"four\",\"a\",1,true,{}]", "argument 4: expected an array")]
    [InlineData("[\"binary\",5]", "argument 1: expected binary data")]
    [InlineData("[\"binary\",\"not base64!\"]", "argument 1: expected binary data")]
    [InlineData("[\"binary\",{\"_placeholder\":true,\"num\":0}]", "argument 1: expected binary data")]
    [InlineData("[\"two\",\"\\ud800\",1]", "argument 1: expected a string")]
    public async Task Wrong_arguments_are_told_to_those_who_ask_and_the_handler_does_not_run(string data, string problem)
    {
        await using TestApplication application = await TestApplication.StartAsync(Handlers);
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        await client.SendAsync("42" + data); // Without a question there is no answer.
        string answer = await client.AskAsync("421" + data);

        answer.ShouldBe($$"""431[{"error":"{{problem}}"}]""");
        application.Log.Entries.ShouldNotContain(static entry => entry.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    [Fact]
    public async Task Null_reaches_a_handler_that_was_compiled_without_nullable_annotations()
    {
        await using TestApplication application = await TestApplication.StartAsync(static server => server.OnConnection(static socket =>
#nullable disable
            socket.On("old", static (string text, Order order) => $"{text is null} {order is null}")));
#nullable restore
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        (await client.AskAsync("421[\"old\",null]")).ShouldBe("431[\"True True\"]");
    }

    [Fact]
    public async Task Later_handler_of_a_name_replaces_the_earlier_and_a_removed_one_is_not_called()
    {
        await using TestApplication application = await TestApplication.StartAsync(static server => server.OnConnection(static socket =>
        {
            socket.On("twice", static () => "first");
            socket.On("twice", static () => "second");
            socket.On("gone", static () => "still here");
            socket.Off("gone");
        }));
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        await client.SendAsync("421[\"gone\"]");
        (await client.AskAsync("422[\"twice\"]")).ShouldBe("432[\"second\"]");
    }

    [Theory]
    [InlineData("connect")]
    [InlineData("connect_error")]
    [InlineData("disconnect")]
    [InlineData("disconnecting")]
    [InlineData("newListener")]
    [InlineData("removeListener")]
    public async Task Reserved_name_takes_no_handler_and_cannot_be_sent(string name)
    {
        var refused = new TaskCompletionSource<Exception[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestApplication application = await TestApplication.StartAsync(server => server.OnConnection(socket => refused.SetResult(
        [
            Should.Throw<ArgumentException>(() => socket.On(name, static () => { })),
            Should.Throw<ArgumentException>(() => socket.EmitAsync(name).AsTask()),
            Should.Throw<ArgumentException>(() => socket.EmitAsync(name, 1, 2, 3).AsTask()),
        ])));
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        (await refused.Task.WaitAsync(TimeSpan.FromSeconds(30))).ShouldAllBe(error => error.Message.Contains(name));
    }

    private static void Handlers(SocketIOServer server) => server.OnConnection(static socket =>
    {
        socket.On("none", static () => "none");
        socket.On("one", static (Order? order) => order);
        socket.On("two", static (string a, int b) => a + b);
        socket.On("three", static (string a, long b, bool c) => $"{a}{b}{c}");
        socket.On("four", static (string a, short b, bool c, double[] d) => $"{a}{b}{c}{d.Sum()}");
        socket.On("optional", static (string? a, int? b) => $"{a ?? "none"} {(b is null ? "none" : b.ToString())}");
        socket.On("special", static (SocketEvent received, int number, CancellationToken gone) => $"{received.Name} {number} {gone.CanBeCanceled}");
        socket.On("binary", static (byte[] data) => data.Length);
        socket.On("42", static (string text) => text);
        socket.On("order", static (SocketEvent received, int number, CancellationToken gone, Order order) => order.Count);
        socket.On<string, int>("method", Measure);
        socket.On<string[], int>("extension", "prefix".Measure);
    });

    private static int Measure(string text) => text.Length;

    private sealed record Order(string Id, int Count);
}
