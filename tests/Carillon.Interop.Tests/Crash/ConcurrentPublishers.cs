using System.Net;
using System.Text.Json.Nodes;
using Carillon.Interop.Tests.Http;

namespace Carillon.Interop.Tests.Crash;

/// <summary>Several connections that publish as fast as they are answered, until the server is gone.</summary>
internal sealed class ConcurrentPublishers(PublisherLedger ledger, IReadOnlyList<string> topics, int payload)
{
    private const int Connections = 8;
    private readonly string _fill = new('x', payload);

    /// <summary>Publishes until the connections break. Message ids begin with <paramref name="run"/>.</summary>
    public Task RunAsync(CarillonApi api, string run) => Task.WhenAll(Enumerable.Range(0, Connections).Select(async connection =>
    {
        for (var i = 0; ; i++)
        {
            var key = new PublishKey(topics[(connection + i) % topics.Count], $"{run}-{connection}-{i}");
            ledger.Sent(key);
            if (!await PublishAsync(api, key))
            {
                return;
            }
        }
    }));

    /// <summary>Sends again, with the same ids, what had no answer.</summary>
    public async Task RetryAsync(CarillonApi api)
    {
        foreach (var key in ledger.Unanswered)
        {
            (await PublishAsync(api, key)).ShouldBeTrue($"the retry of {key}");
        }
    }

    private async Task<bool> PublishAsync(CarillonApi api, PublishKey key)
    {
        HttpAnswer answer;
        try
        {
            answer = await api.PublishAsync(new JsonObject
            {
                ["topic"] = key.Topic,
                ["message_id"] = key.MessageId,
                ["message"] = new JsonObject { ["id"] = key.MessageId, ["fill"] = _fill },
                ["producer"] = "ledger",
            });
        }
        catch (Exception broken) when (broken is HttpRequestException or OperationCanceledException or IOException)
        {
            return false;
        }

        switch (answer.Status)
        {
            case HttpStatusCode.OK:
                ledger.Answered(key, answer.Json.Offset());
                return true;
            case HttpStatusCode.ServiceUnavailable:
                return false; // a server that is stopping may say so; the message then counts as unanswered
            default:
                ledger.Refused(key, $"{answer.Status} {answer.Text}");
                return false;
        }
    }
}
