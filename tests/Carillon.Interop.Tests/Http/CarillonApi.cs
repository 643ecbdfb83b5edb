using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Carillon.Interop.Tests.Http;

/// <summary>The server's HTTP API. Thread-safe; connections are kept alive.</summary>
internal sealed class CarillonApi(Uri address) : IDisposable
{
    private const int LargestPage = 1000;
    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly HttpClient _http = new(new SocketsHttpHandler()) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };

    public async Task<HttpAnswer> GetAsync(string path) => await HttpAnswer.FromAsync(await _http.GetAsync(path));

    /// <summary>Posts the body as clients write it: in UTF-8, unescaped.</summary>
    public Task<HttpAnswer> PublishAsync(JsonNode body) => PostAsync(body.ToJsonString(Unescaped));

    /// <summary>Publishes and expects 200.</summary>
    public async Task<JsonElement> PublishOkAsync(string topic, JsonNode? message, string? messageId = null, string? producer = null)
    {
        var body = new JsonObject { ["topic"] = topic, ["message"] = message?.DeepClone() };
        if (messageId is not null)
        {
            body["message_id"] = messageId;
        }

        if (producer is not null)
        {
            body["producer"] = producer;
        }

        return (await PublishAsync(body)).ShouldHaveStatus(HttpStatusCode.OK).Json;
    }

    /// <summary>Posts bytes to <c>/publish</c> as they are.</summary>
    public async Task<HttpAnswer> PostAsync(byte[] body, string path = "/publish")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        return await HttpAnswer.FromAsync(await _http.PostAsync(path, content));
    }

    public Task<HttpAnswer> PostAsync(string body, string path = "/publish") => PostAsync(Encoding.UTF8.GetBytes(body), path);

    /// <summary>The rows of a bare JSON array.</summary>
    public async Task<IReadOnlyList<JsonElement>> ListAsync(string path) =>
        [.. (await GetAsync(path)).ShouldHaveStatus(HttpStatusCode.OK).Json.EnumerateArray()];

    /// <summary>Follows the Link header from page to page.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<JsonElement>>> PagesAsync(string path)
    {
        List<IReadOnlyList<JsonElement>> pages = [];
        for (string? next = path; next is not null;)
        {
            var page = (await GetAsync(next)).ShouldHaveStatus(HttpStatusCode.OK);
            pages.Add([.. page.Json.EnumerateArray()]);
            next = page.Next?.ToString();
        }

        return pages;
    }

    /// <summary>Walks a topic's messages upward from the beginning.</summary>
    public async Task<IReadOnlyList<JsonElement>> HistoryAsync(string topic)
    {
        List<JsonElement> rows = [];
        while (true)
        {
            var after = rows is [] ? 0 : rows[^1].GetProperty("offset").GetInt64();
            var page = await ListAsync($"/messages?topic={Uri.EscapeDataString(topic)}&after={after}&order=asc&limit={LargestPage}");
            rows.AddRange(page);
            if (page.Count < LargestPage)
            {
                return rows;
            }
        }
    }

    public Task<IReadOnlyList<JsonElement>> ClientsAsync(string topic) => ListAsync($"/clients?topic={Uri.EscapeDataString(topic)}");

    public Task<IReadOnlyList<JsonElement>> ConsumptionsAsync(string topic) => ListAsync($"/consumptions?topic={Uri.EscapeDataString(topic)}");

    public void Dispose() => _http.Dispose();
}
