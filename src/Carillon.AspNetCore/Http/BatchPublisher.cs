using System.Text.Json;
using Carillon.Access;
using Carillon.AspNetCore.Commands;
using Carillon.Errors;
using Carillon.Hubs;
using Carillon.Publishing;
using Carillon.Topics;

namespace Carillon.AspNetCore.Http;

/// <summary>Publishes several messages of one request: in their order, their commits overlapping, each with an answer of its own.</summary>
internal sealed class BatchPublisher(Hub hub)
{
    /// <summary>Most messages of a batch.</summary>
    public const int MaxItems = 1000;

    /// <summary>Most bytes of a batch.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Reads the items of a JSON array, or of lines of JSON. Each that is wrong is an item that failed; what is no list at all is refused as a whole.</summary>
    public (IReadOnlyList<BatchItem>? Items, Error? Error) Read(ReadOnlySpan<byte> utf8, bool lines)
    {
        var items = new List<BatchItem>();
        Error? error = lines ? ReadLines(utf8, items) : ReadArray(utf8, items);
        if (error is null && items.Count == 0)
        {
            error = new Error(ErrorCode.InvalidJson, "The body must be a JSON object, or hold at least one");
        }

        return error is null ? (items, null) : (null, error);
    }

    /// <summary>Publishes the items.</summary>
    public async ValueTask<IReadOnlyList<(TopicName Topic, PublishResult Result)>> PublishAsync(IReadOnlyList<BatchItem> items, Requester requester)
    {
        var topics = new TopicName[items.Count];
        var results = new Task<PublishResult>[items.Count];
        ValueTask<Admission>[] early = [.. items.Select(item => AdmitEarlyAsync(item, requester))];
        for (int i = 0; i < items.Count; i++)
        {
            if (items[i].Error is { } malformed)
            {
                results[i] = Task.FromResult(PublishResult.Refused(malformed));
                continue;
            }

            PublishRequest request = items[i].Request!.For(requester);
            topics[i] = request.Topic;
            Admission admission = await early[i];
            if (admission is { Request: null, Error: null })
            {
                admission = await hub.AdmitAsync(request, CancellationToken.None);
            }

            results[i] = admission.Accepted ? hub.StoreAsync(admission.Request, CancellationToken.None).AsTask() : Task.FromResult(PublishResult.Refused(admission.Error));
        }

        var answers = new (TopicName, PublishResult)[items.Count];
        for (int i = 0; i < answers.Length; i++)
        {
            answers[i] = (topics[i], await results[i]);
        }

        return answers;
    }

    // Policies are asked at once, as each may take its time: the patience with them is that of one. What asks nobody is admitted when it is its turn, within the hub's limit of topics.
    private ValueTask<Admission> AdmitEarlyAsync(BatchItem item, Requester requester) =>
        item.Request is { } request && hub.FindTopic(request.Topic) is { } topic && !ReferenceEquals(topic.Publishers, TopicAccess.Anyone)
            ? hub.AdmitAsync(request.For(requester), CancellationToken.None)
            : default;

    private Error? ReadLines(ReadOnlySpan<byte> utf8, List<BatchItem> items)
    {
        foreach (Range range in utf8.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = utf8[range].Trim(" \t\r"u8);
            if (!line.IsEmpty && Add(line, items) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private Error? ReadArray(ReadOnlySpan<byte> utf8, List<BatchItem> items)
    {
        const int MaxDepth = 128; // Deep enough for each item to say by itself that it is too deep.
        try
        {
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                if (Add(utf8[start..(int)reader.BytesConsumed], items) is { } error)
                {
                    return error;
                }
            }

            reader.Read(); // It throws on anything that follows.
            return null;
        }
        catch (JsonException malformed)
        {
            return new Error(ErrorCode.InvalidJson, $"The body must be JSON: it is malformed at line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}");
        }
    }

    private Error? Add(ReadOnlySpan<byte> json, List<BatchItem> items)
    {
        if (items.Count == MaxItems)
        {
            return new Error(ErrorCode.PayloadTooLarge, $"A batch holds at most {MaxItems} messages");
        }

        items.Add(PublishCommand.TryRead(json, hub.Options.MaxPayloadBytes, out PublishRequest? request, out Error? error) ? new BatchItem(request, null) : new BatchItem(null, error));
        return null;
    }
}
