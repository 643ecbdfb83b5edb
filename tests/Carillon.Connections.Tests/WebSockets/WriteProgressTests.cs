using System.Net;
using System.Net.Sockets;
using Carillon.Connections.Upgrades;
using Carillon.Connections.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Shouldly;
using Xunit;

namespace Carillon.Connections.Tests.WebSockets;

/// <summary>The write timeout is for peers that read nothing: one that reads all the time may take as long as it needs for a large frame.</summary>
public sealed class WriteProgressTests : IDisposable
{
    private const int FrameSize = 4 * 1024 * 1024;
    private const int Step = 512 * 1024; // More than the buffers between the two hold.
    private static readonly TimeSpan StepTime = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private readonly ManualTime _time = new();
    private readonly Heartbeat _heartbeat;

    public WriteProgressTests()
    {
        _heartbeat = new Heartbeat(_time, TimeSpan.FromMilliseconds(100));
    }

    public void Dispose() => _heartbeat.Dispose();

    [Fact]
    public async Task Socket_that_takes_a_frame_slowly_is_not_aborted()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 16 * 1024 };
        await client.ConnectAsync(listener.LocalEndPoint!);
        Socket accepted = await listener.AcceptAsync();
        accepted.SendBufferSize = 16 * 1024;
        WebSocketConnection connection = Start(new SocketLink(accepted, [], new HeldConnections()), out _);

        var buffer = new byte[Step];
        for (int taken = 0; taken < FrameSize; taken += Step)
        {
            for (int read = 0; read < Step;)
            {
                int count = await client.ReceiveAsync(buffer.AsMemory(read), SocketFlags.None).AsTask().WaitAsync(Longest);
                count.ShouldBePositive();
                read += count;
            }

            _time.Advance(StepTime);
        }

        connection.Abort();
    }

    [Fact]
    public async Task Stream_that_takes_a_frame_slowly_is_not_aborted()
    {
        var request = new Request();
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpRequestLifetimeFeature>(request);
        var stream = new SlowStream();
        WebSocketConnection connection = Start(PipeLink.OfUpgrade(context, stream), out Task running);

        for (int taken = Step; taken <= FrameSize; taken += Step)
        {
            stream.Allow(taken);
            await Eventually.ShouldAsync(() => stream.Written >= taken);
            _time.Advance(StepTime);
            request.IsAborted.ShouldBeFalse();
        }

        stream.Allow(int.MaxValue);
        await Eventually.ShouldAsync(() => stream.Written > FrameSize && !connection.IsBlocked);
        stream.End();
        await running;
    }

    private WebSocketConnection Start(WebSocketLink link, out Task running)
    {
        var connection = new WebSocketConnection(link, new WebSocketConnectionOptions { WriteTimeout = TimeSpan.FromSeconds(1) }, _heartbeat, observer: null);
        var outbox = new Outbox(new OutboxOptions());
        outbox.TryEnqueue(Frame.FromBinary(new byte[FrameSize])).ShouldBeTrue();
        connection.Attach(outbox);
        running = connection.RunAsync(new Deaf());
        return connection;
    }

    private sealed class Deaf : IWebSocketReceiver
    {
        public ValueTask OnMessageAsync(ReadOnlyMemory<byte> payload, bool isBinary) => ValueTask.CompletedTask;
    }

    private sealed class Request : IHttpRequestLifetimeFeature
    {
        public bool IsAborted { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => IsAborted = true;
    }

    /// <summary>Sends nothing, and takes as many bytes as it is allowed to.</summary>
    private sealed class SlowStream : Stream
    {
        private readonly TaskCompletionSource<int> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _gate = new();
        private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _written;
        private long _allowed;

        public long Written => Volatile.Read(ref _written);

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public void Allow(long bytes)
        {
            lock (_gate)
            {
                _allowed = bytes;
                _more.SetResult();
                _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        public void End() => _end.SetResult(0);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => await _end.Task;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            while (true)
            {
                Task more;
                lock (_gate)
                {
                    if (_written < _allowed)
                    {
                        _written += buffer.Length;
                        return;
                    }

                    more = _more.Task;
                }

                await more;
            }
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Flush() => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
