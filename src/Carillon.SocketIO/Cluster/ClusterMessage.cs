using System.Text.Json;

namespace Carillon.SocketIO.Cluster;

/// <summary>What one node tells the others.</summary>
internal sealed record ClusterMessage
{
    public required ClusterMessageKind Kind { get; init; }

    /// <summary>Who sent it, and to whom an answer goes.</summary>
    public required string NodeId { get; init; }

    /// <summary>The number of a question and of its answers; null where none is expected.</summary>
    public long? RequestId { get; init; }

    public string? Namespace { get; init; }

    /// <summary>Instead of a namespace: the place of a family in the order in which the application made them.</summary>
    public int? Family { get; init; }

    public string[] Rooms { get; init; } = [];

    public string[] Except { get; init; } = [];

    public bool IsVolatile { get; init; }

    public bool IsUncompressed { get; init; }

    /// <summary>An event: the JSON array of its name and arguments.</summary>
    public byte[] Data { get; init; } = [];

    public byte[][] Attachments { get; init; } = [];

    /// <summary>Rooms to join or leave.</summary>
    public string[] Targets { get; init; } = [];

    /// <summary>Whether those who are disconnected lose their connection.</summary>
    public bool Close { get; init; }

    /// <summary>How long the answers of sockets are waited for.</summary>
    public TimeSpan Timeout { get; init; }

    public ClusterSocket[] Sockets { get; init; } = [];

    public ClusterAnswer[] Answers { get; init; } = [];

    public string[] Missing { get; init; } = [];

    /// <summary>An answer: the node could not do what was asked, and has logged why.</summary>
    public bool IsFault { get; init; }

    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, ClusterJson.Default.ClusterMessage);

    public static ClusterMessage? Read(ReadOnlySpan<byte> message) => JsonSerializer.Deserialize(message, ClusterJson.Default.ClusterMessage);
}
