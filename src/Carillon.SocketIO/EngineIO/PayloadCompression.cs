using System.Buffers;
using System.IO.Compression;
using Carillon.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Carillon.SocketIO.EngineIO;

/// <summary>Compresses the answers to polls: RFC 9110 §8.4.1 and §12.5.3.</summary>
internal static class PayloadCompression
{
    // From the best to the least; a client's own order comes first.
    private static readonly string[] Encodings = ["br", "gzip", "deflate"];

    /// <summary>The content encoding for an answer of <paramref name="length"/> bytes, or null to send it as it is.</summary>
    public static string? Choose(HttpCompressionOptions? options, HttpContext context, ReadOnlySpan<Frame> frames, int length)
    {
        if (options is null || length < options.Threshold || !MayCompress(frames))
        {
            return null;
        }

        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        IList<StringWithQualityHeaderValue> accepted = context.Request.GetTypedHeaders().AcceptEncoding;
        string? best = null;
        double quality = 0;
        foreach (string encoding in Encodings)
        {
            double offered = QualityOf(encoding, accepted);
            if (offered > quality)
            {
                (best, quality) = (encoding, offered);
            }
        }

        return best;
    }

    /// <summary>Writes the frames as one compressed body and sets its headers; returns its length. Flushing is left to the caller.</summary>
    public static int Write(HttpResponse response, string encoding, CompressionLevel level, ReadOnlySpan<Frame> frames)
    {
        using var plain = new FrameWriter(PollingPayload.LengthOf(frames));
        PollingPayload.Write(plain, frames);
        using var compressed = new MemoryStream();
        using (Stream stream = Open(encoding, compressed, level))
        {
            stream.Write(plain.WrittenSpan);
        }

        int length = (int)compressed.Length;
        response.Headers.ContentEncoding = encoding;
        response.ContentLength = length;
        response.BodyWriter.Write(compressed.GetBuffer().AsSpan(0, length));
        return length;
    }

    private static bool MayCompress(ReadOnlySpan<Frame> frames)
    {
        foreach (Frame frame in frames)
        {
            if (frame.IsCompressible)
            {
                return true;
            }
        }

        return false;
    }

    private static double QualityOf(string encoding, IList<StringWithQualityHeaderValue> accepted)
    {
        double quality = 0;
        foreach (StringWithQualityHeaderValue value in accepted)
        {
            if (value.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase))
            {
                return value.Quality ?? 1;
            }

            if (value.Value == "*")
            {
                quality = value.Quality ?? 1;
            }
        }

        return quality;
    }

    // What HTTP calls deflate is zlib's format.
    private static Stream Open(string encoding, Stream output, CompressionLevel level) => encoding switch
    {
        "br" => new BrotliStream(output, level, leaveOpen: true),
        "gzip" => new GZipStream(output, level, leaveOpen: true),
        _ => new ZLibStream(output, level, leaveOpen: true),
    };
}
