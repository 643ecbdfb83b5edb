using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.HostileInput;

public sealed class AuthTests
{
    [Theory]
    [InlineData("""{"\ud800":"x","pid":5}""")]
    [InlineData("""{"pid":"\ud800","pid":"unknown","offset":{}}""")]
    [InlineData("""{"pid":null,"offset":"-1","a":[[{}]]}""")]
    public async Task Odd_auth_payload_is_no_fault_where_sessions_are_recovered(string auth)
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo, new SocketIOOptions { ConnectionStateRecovery = new() });
        using JoinedClient client = await JoinedClient.OpenAsync(application, auth: auth);

        (await client.AskAsync("421[\"ack\",1]")).ShouldBe("431[1]");
        application.Log.Entries.ShouldNotContain(static entry => entry.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }
}
