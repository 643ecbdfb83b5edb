using Carillon.AspNetCore.Commands;
using Carillon.Errors;
using Microsoft.AspNetCore.Http;

namespace Carillon.AspNetCore.Http;

/// <summary>Sends JSON over HTTP.</summary>
internal static class HttpAnswer
{
    private const string Challenge = "Bearer realm=\"carillon\"";
    private const string ContentType = "application/json; charset=utf-8";

    /// <summary>Sends what a <see cref="JsonBuffer"/> holds.</summary>
    public static Task SendAsync(HttpContext context, int status, JsonBuffer json)
    {
        // Copied into the response's own buffer before anything is awaited: the thread's buffer is free for others then.
        ReadOnlySpan<byte> body = json.Written;
        HttpResponse response = context.Response;
        response.StatusCode = status;
        if (status == StatusCodes.Status401Unauthorized && response.Headers.WWWAuthenticate.Count == 0)
        {
            response.Headers.WWWAuthenticate = Challenge; // RFC 9110 §11.6.1: a 401 has one.
        }

        response.ContentType = ContentType;
        response.ContentLength = body.Length;
        body.CopyTo(response.BodyWriter.GetSpan(body.Length));
        response.BodyWriter.Advance(body.Length);
        return Task.CompletedTask;
    }

    /// <summary>Sends an error with the status of its code.</summary>
    public static Task SendAsync(HttpContext context, Error error)
    {
        var buffer = JsonBuffer.Start(out var json);
        Answer.Failed(json, error);
        if (error.Code.Retryable)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        return SendAsync(context, error.Code.HttpStatus, buffer);
    }
}
