using System.Net;
using System.Text.Json;

namespace Carillon.Interop.Tests.Http;

/// <summary>An HTTP answer with its text, as a client sees it.</summary>
internal sealed record HttpAnswer(HttpStatusCode Status, string? MediaType, string Text, Uri? Next)
{
    /// <summary>The text as JSON; fails the test when it is not.</summary>
    public JsonElement Json => WireJson.Parse(Text);

    public static async Task<HttpAnswer> FromAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            return new HttpAnswer(response.StatusCode, response.Content.Headers.ContentType?.MediaType, text, NextOf(response));
        }
    }

    public HttpAnswer ShouldHaveStatus(HttpStatusCode status)
    {
        Status.ShouldBe(status, Text);
        return this;
    }

    /// <summary>RFC 8288: <c>Link: &lt;/messages?…&gt;; rel="next"</c>.</summary>
    private static Uri? NextOf(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Link", out var values))
        {
            return null;
        }

        var link = values.SelectMany(value => value.Split(',')).FirstOrDefault(value => value.Contains("rel=\"next\"", StringComparison.Ordinal));
        return link is null ? null : new Uri(link[(link.IndexOf('<', StringComparison.Ordinal) + 1)..link.IndexOf('>', StringComparison.Ordinal)], UriKind.RelativeOrAbsolute);
    }
}
