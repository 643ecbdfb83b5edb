using System.Buffers;
using System.IO.Pipelines;
using Carillon.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Carillon.AspNetCore.Http;

/// <summary>Reads a JSON body whole, up to a limit that is enforced while reading.</summary>
internal static class RequestBody
{
    /// <summary>Makes a request of a body, or says why it is none.</summary>
    public delegate (T? Value, Error? Error) Parser<T>(ReadOnlySpan<byte> utf8)
        where T : class;

    /// <summary>Reads the body and hands its bytes to <paramref name="parse"/>; they are valid during that call only.</summary>
    public static async ValueTask<(T? Value, Error? Error)> ReadAsync<T>(HttpContext context, int maxBytes, Parser<T> parse)
        where T : class
    {
        if (!IsJson(context.Request.ContentType) && !IsLines(context.Request.ContentType))
        {
            return (null, new Error(ErrorCode.UnsupportedMediaType, "The request must carry the header 'Content-Type: application/json'", "Content-Type"));
        }

        if (context.Request.ContentLength > maxBytes)
        {
            return (null, TooLarge(maxBytes));
        }

        PipeReader reader = context.Request.BodyReader;
        while (true)
        {
            // No token: the read of a client that goes away fails by itself, and one that was cancelled would still be under way when the server ends the request.
            ReadResult read = await reader.ReadAsync(CancellationToken.None);
            if (read.Buffer.Length > maxBytes)
            {
                // Nothing more is kept; the server drops what follows up to its own limit, so that the client comes to read this answer.
                reader.AdvanceTo(read.Buffer.Start);
                return (null, TooLarge(maxBytes));
            }

            if (!read.IsCompleted)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            (T? Value, Error? Error) parsed = Parse(read.Buffer, parse);
            reader.AdvanceTo(read.Buffer.End);
            return parsed;
        }
    }

    /// <summary>Whether the body says that it is lines of JSON.</summary>
    public static bool IsLines(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type) && type.MediaType.Equals("application/x-ndjson", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the first byte of the body, white space aside, is <paramref name="first"/>. Takes nothing of it, and looks no further than the first bytes to come.</summary>
    public static async ValueTask<bool> BeginsWithAsync(HttpContext context, byte first)
    {
        PipeReader reader = context.Request.BodyReader;
        ReadResult read = await reader.ReadAsync(CancellationToken.None);
        bool begins = read.Buffer.FirstSpan.TrimStart(" \t\r\n"u8) is [var found, ..] && found == first;
        reader.AdvanceTo(read.Buffer.Start, read.Buffer.Start);
        return begins;
    }

    private static (T? Value, Error? Error) Parse<T>(in ReadOnlySequence<byte> body, Parser<T> parse)
        where T : class
    {
        if (body.IsSingleSegment)
        {
            return parse(body.FirstSpan);
        }

        int length = (int)body.Length;
        byte[] whole = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            body.CopyTo(whole);
            return parse(whole.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(whole);
        }
    }

    // A browser sends other types across origins without asking the server first, so taking them would let any page publish.
    private static bool IsJson(string? contentType) =>
        contentType == "application/json" || IsJsonMediaType(contentType);

    private static bool IsJsonMediaType(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type)
        && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || (type.MediaType.StartsWith("application/", StringComparison.OrdinalIgnoreCase) && type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)));

    private static Error TooLarge(int maxBytes) =>
        new(ErrorCode.PayloadTooLarge, $"The body must be at most {maxBytes} bytes");
}
