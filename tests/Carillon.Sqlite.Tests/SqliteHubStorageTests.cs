using Carillon.Engines;
using Carillon.Hubs;
using Carillon.Messages;
using Carillon.Publishing;
using Carillon.Topics;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Carillon.Sqlite.Tests;

public sealed class SqliteHubStorageTests
{
    [Fact]
    public async Task Hubs_in_one_folder_see_nothing_of_each_other_also_after_a_restart()
    {
        using var folder = new TemporaryDirectory();
        string data = folder.File("data");
        await using (SqliteHubStorage storage = StorageIn(data))
        {
            await using Hub chat = await StartAsync(storage, "chat");
            await using Hub shop = await StartAsync(storage, "shop");
            (await PublishAsync(chat, "1")).Duplicate.ShouldBeFalse();
            (await PublishAsync(shop, "2")).Duplicate.ShouldBeFalse();
        }

        await using SqliteHubStorage again = StorageIn(data);
        await using Hub chatAgain = await StartAsync(again, "chat");
        await using Hub shopAgain = await StartAsync(again, "shop");

        (await PayloadsAsync(chatAgain)).ShouldBe(["1"]);
        (await PayloadsAsync(shopAgain)).ShouldBe(["2"]);
        Directory.GetFiles(data, "*.db").Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(["chat.db", "shop.db"]);
    }

    [Theory]
    [InlineData("../chat")]
    [InlineData("")]
    [InlineData("a/b")]
    public async Task Name_that_could_leave_the_folder_is_refused(string name)
    {
        using var folder = new TemporaryDirectory();
        await using SqliteHubStorage storage = StorageIn(folder.File("data"));

        Should.Throw<ArgumentException>(() => storage.Open(name, new EngineOptions())).ParamName.ShouldBe("hub");
    }

    private static SqliteHubStorage StorageIn(string folder) => new(folder, options: null, TimeProvider.System, NullLoggerFactory.Instance);

    private static async Task<Hub> StartAsync(SqliteHubStorage storage, string name)
    {
        HubStores stores = storage.Open(name, new EngineOptions());
        var hub = new Hub(new HubOptions { Name = name }, stores.Engine, stores.Consumers, TimeProvider.System);
        await hub.StartAsync(CancellationToken.None);
        return hub;
    }

    private static ValueTask<PublishResult> PublishAsync(Hub hub, string payload) => hub.PublishAsync(
        new PublishRequest { Topic = TopicName.Create("t"), MessageId = "m", Payload = System.Text.Encoding.UTF8.GetBytes(payload) }, CancellationToken.None);

    private static async Task<IEnumerable<string>> PayloadsAsync(Hub hub)
    {
        Page<Message> page = await hub.Engine.QueryAsync(new MessageQuery { Limit = 10 }, CancellationToken.None);
        return page.Items.Select(static message => System.Text.Encoding.UTF8.GetString(message.Payload.Span));
    }
}
