using Microsoft.AspNetCore.Http;

namespace Carillon.SocketIO.EngineIO;

/// <summary>
/// python-engineio's client, which takes no payload of more than 16 packets (its <c>Payload.max_decode_packets</c>). The protocol has no word for that, so it is known by
/// its requests.
/// </summary>
internal static class PythonClient
{
    /// <summary>How many packets it takes in one answer.</summary>
    public const int MaxPackets = 16;

    /// <summary>Whether a request looks like one of its own: false where an application gave it another name and turned its timestamps off.</summary>
    public static bool IsAsking(HttpRequest request) =>
        request.Headers.UserAgent.ToString().StartsWith("python", StringComparison.OrdinalIgnoreCase) // Of requests and aiohttp.
        || IsTime(request.Query["t"].ToString());

    // It numbers its requests by the time, in seconds with a fraction; the official clients by a random text.
    private static bool IsTime(ReadOnlySpan<char> text)
    {
        int point = text.IndexOf('.');
        return point > 0 && !text[..point].ContainsAnyExceptInRange('0', '9') && !text[(point + 1)..].ContainsAnyExceptInRange('0', '9');
    }
}
