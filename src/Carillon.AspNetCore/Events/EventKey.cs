using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Carillon.Topics;

namespace Carillon.AspNetCore.Events;

/// <summary>Stands for a topic's name in an event id: always as long, and of characters that may stand in any header.</summary>
internal static class EventKey
{
    private const int HashBytes = 6; // Told apart are the topics of one stream, not those of the world.

    /// <summary>Length of a key.</summary>
    public const int Length = 8;

    public static string Of(TopicName topic) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(topic.Value)).AsSpan(0, HashBytes));
}
