using System.Net;
using System.Text;

namespace Carillon.AspNetCore.Tests.Events;

/// <summary>Reads one response of server-sent events as the HTML standard says ("Interpreting an event stream").</summary>
internal sealed class EventClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http;
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private EventClient(HttpClient http, HttpResponseMessage response, StreamReader reader)
    {
        _http = http;
        _response = response;
        _reader = reader;
    }

    public HttpResponseMessage Response => _response;

    public string LastEventId { get; private set; } = string.Empty;

    public string? Retry { get; private set; }

    public int Comments { get; private set; }

    public static async Task<EventClient> OpenAsync(Uri address, Version? version = null, params (string Name, string Value)[] headers)
    {
        var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Version = version ?? HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var deadline = new CancellationTokenSource(Patience);
        HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
        return new EventClient(http, response, new StreamReader(await response.Content.ReadAsStreamAsync(deadline.Token), Encoding.UTF8));
    }

    /// <summary>The next event; null at the end of the response.</summary>
    public async Task<ReceivedEvent?> NextAsync()
    {
        string name = "message";
        string id = LastEventId; // Counts when its event is whole.
        List<string> data = [];
        while (await ReadLineAsync() is { } line)
        {
            if (line.Length == 0)
            {
                LastEventId = id;
                if (data.Count > 0)
                {
                    return new ReceivedEvent(name, string.Join('\n', data), LastEventId);
                }

                name = "message";
                continue;
            }

            int colon = line.IndexOf(':', StringComparison.Ordinal);
            (string field, string value) = colon < 0 ? (line, string.Empty) : (line[..colon], line[(colon + 1)..]);
            value = value.StartsWith(' ') ? value[1..] : value;
            switch (field)
            {
                case "":
                    Comments++;
                    break;
                case "event":
                    name = value;
                    break;
                case "data":
                    data.Add(value);
                    break;
                case "id":
                    id = value;
                    break;
                case "retry":
                    Retry = value;
                    break;
                default:
                    throw new InvalidDataException($"Unknown field: {line}");
            }
        }

        return null;
    }

    /// <summary>The next event, which must have this name.</summary>
    public async Task<ReceivedEvent> NextAsync(string name)
    {
        ReceivedEvent received = await NextAsync() ?? throw new EndOfStreamException("The stream has ended");
        return received.Name == name ? received : throw new InvalidDataException($"Expected {name}: {received}");
    }

    /// <summary>Reads lines until a comment came.</summary>
    public async Task CommentAsync()
    {
        while (!(await ReadLineAsync() ?? throw new EndOfStreamException("The stream has ended")).StartsWith(':'))
        {
        }
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _response.Dispose();
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string?> ReadLineAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        return await _reader.ReadLineAsync(deadline.Token);
    }
}
