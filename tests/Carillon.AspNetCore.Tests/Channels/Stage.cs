using System.Collections.Concurrent;
using Carillon.AspNetCore.Channels;

namespace Carillon.AspNetCore.Tests.Channels;

/// <summary>What the sockets of one application do, set by the test, and what became of them.</summary>
internal sealed class Stage
{
    private int _generations;
    private int _disposed;

    /// <summary>By default the channel's id, its count, and the generation's number.</summary>
    public Func<StageSocket, int, CancellationToken, ValueTask<object?>> Generate { get; set; } =
        static async (socket, number, _) => new Seen(socket.Channel.Id, await socket.Channel.CountAsync(CancellationToken.None), number);

    public Func<StageSocket, ChannelMessage, CancellationToken, ValueTask> OnMessage { get; set; } = static (_, _, _) => ValueTask.CompletedTask;

    public int Generations => Volatile.Read(ref _generations);

    public int Disposed => Volatile.Read(ref _disposed);

    public ConcurrentQueue<WeakReference> Sockets { get; } = [];

    public ConcurrentQueue<string?> Users { get; } = [];

    public int NextGeneration() => Interlocked.Increment(ref _generations);

    public void OnDisposed() => Interlocked.Increment(ref _disposed);

    /// <summary>The object that clients are sent.</summary>
    internal sealed record Seen(string Channel, int Count, int Number);
}
