using Carillon.AspNetCore.Channels;

namespace Carillon.AspNetCore.Tests.Channels;

/// <summary>Does what its <see cref="Stage"/> says.</summary>
internal sealed class StageSocket : ChannelSocket
{
    private readonly Stage _stage;
    private readonly ScopedResource _resource;

    public StageSocket(Stage stage, ScopedResource resource)
    {
        _stage = stage;
        _resource = resource;
        stage.Sockets.Enqueue(new WeakReference(this));
    }

    public SocketChannel Other(string id) => ChannelOf(id);

    protected internal override async ValueTask<object?> GenerateObjectAsync(CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_resource.IsDisposed, _resource);
        object? value = await _stage.Generate(this, _stage.NextGeneration(), cancellation);
        ObjectDisposedException.ThrowIf(_resource.IsDisposed, _resource);
        return value;
    }

    protected internal override ValueTask OnMessageAsync(ChannelMessage message, CancellationToken cancellation) => _stage.OnMessage(this, message, cancellation);

    /// <summary>A service that lives as long as its socket needs it.</summary>
    internal sealed class ScopedResource(Stage stage) : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose()
        {
            IsDisposed = true;
            stage.OnDisposed();
        }
    }
}
