using System.Net.Sockets;
using Carillon.Connections.WebSockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Carillon.Connections.Upgrades;

/// <summary>
/// One upgrade request and its answer: what the application sees of them, and what becomes of the connection afterwards. It ends with the request;
/// a connection that was taken knows nothing of it.
/// </summary>
internal sealed class UpgradeExchange : IHttpUpgradeFeature, IWebSocketUpgrade, IHttpRequestBodyDetectionFeature, IDisposable
{
    private readonly Socket _socket;
    private readonly UpgradeListener _listener;
    private readonly UpgradeGate _gate;
    private readonly UpgradeResponse _response;
    private readonly UpgradeResponseBody _body;
    private readonly StreamResponseBodyFeature _bodyFeature;
    private readonly UpgradeLifetime _lifetime;
    private SocketLink? _taken;
    private Stream? _stream;

    public UpgradeExchange(UpgradeHead head, Socket socket, UpgradeListener listener, UpgradeGate gate)
    {
        _socket = socket;
        _listener = listener;
        _gate = gate;
        _response = new UpgradeResponse(gate);
        _body = new UpgradeResponseBody(_response, socket, gate.Time);
        _bodyFeature = new StreamResponseBodyFeature(_body);
        _lifetime = new UpgradeLifetime(socket);
        var connection = new UpgradeConnectionFeature(socket);
        Features = new FeatureCollection(16);
        Features.Set<IHttpRequestFeature>(new HttpRequestFeature
        {
            Protocol = HttpProtocol.Http11,
            Scheme = Uri.UriSchemeHttp,
            Method = HttpMethods.Get,
            Path = head.Path,
            QueryString = head.Query,
            RawTarget = head.Path + head.Query,
            Headers = head.Headers,
        });
        Features.Set<IHttpResponseFeature>(_response);
        Features.Set<IHttpResponseBodyFeature>(_bodyFeature);
        Features.Set<IHttpRequestBodyDetectionFeature>(this);
        Features.Set<IHttpRequestLifetimeFeature>(_lifetime);
        Features.Set<IHttpConnectionFeature>(connection);
        Features.Set<IConnectionSocketFeature>(connection);
        Features.Set<IHttpUpgradeFeature>(this);
        Features.Set<IWebSocketUpgrade>(this);
    }

    public IFeatureCollection Features { get; }

    bool IHttpUpgradeFeature.IsUpgradableRequest => true;

    bool IHttpRequestBodyDetectionFeature.CanHaveBody => false;

    /// <summary>Has the request answered; afterwards the connection is held, Kestrel's, or closed.</summary>
    public async Task RunAsync(IUpgradeApplication application)
    {
        if (!_gate.Held.TryEnter(_lifetime))
        {
            _socket.Dispose(); // Accepted before the host stopped; what the application needs may be gone.
            return;
        }

        try
        {
            await application.RunAsync(this);
        }
        catch (Exception error)
        {
            UpgradeLog.ApplicationFault(_gate.Logger, error);
            _lifetime.Abort();
        }
        finally
        {
            _gate.Held.Leave(_lifetime);
        }
    }

    /// <summary>The application has returned, or failed.</summary>
    public async Task FinishAsync(Exception? fault)
    {
        _lifetime.Dispose();
        if (fault is not null && !_lifetime.IsAborted)
        {
            UpgradeLog.ApplicationFault(_gate.Logger, fault);
        }

        if (_taken is not null)
        {
            FinishTaken(_taken, fault);
        }
        else if (_stream is not null)
        {
            await _stream.DisposeAsync();
        }
        else
        {
            await AnswerAsync(fault);
        }

        await _response.CompleteAsync();
    }

    public void Dispose()
    {
        _lifetime.Dispose();
        _body.Dispose();
        _stream?.Dispose();
    }

    async Task<Stream> IHttpUpgradeFeature.UpgradeAsync()
    {
        byte[] head = await AcceptAsync();
        await _socket.SendAsync(head);
        return _stream = new NetworkStream(_socket, ownsSocket: true);
    }

    async ValueTask<WebSocketLink> IWebSocketUpgrade.TakeAsync()
    {
        byte[] head = await AcceptAsync();
        _taken = new SocketLink(_socket, head, _gate.Held);
        return _taken;
    }

    private async ValueTask<byte[]> AcceptAsync()
    {
        if (_response.HasStarted)
        {
            throw new InvalidOperationException("The request was answered already.");
        }

        _response.StatusCode = StatusCodes.Status101SwitchingProtocols;
        _response.Headers.Connection = HeaderNames.Upgrade;
        await _response.PrepareAsync();
        byte[] head = _response.Start();
        _lifetime.Dispose();
        return head;
    }

    private static void FinishTaken(SocketLink link, Exception? fault)
    {
        if (link.Holder is null)
        {
            link.Abort();
            link.Close(); // Nobody runs a connection on it that would do so.
        }
        else if (fault is not null)
        {
            link.Holder.Abort();
        }
    }

    private async Task AnswerAsync(Exception? fault)
    {
        bool isWhole = false;
        try
        {
            if (fault is not null && !_response.HasStarted)
            {
                _response.Reset((fault as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status500InternalServerError);
                isWhole = await _body.EndAsync(_bodyFeature);
            }
            else if (fault is null && !_lifetime.IsAborted)
            {
                isWhole = await _body.EndAsync(_bodyFeature);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client is gone.
        }
        catch (InvalidOperationException error)
        {
            UpgradeLog.ApplicationFault(_gate.Logger, error);
        }

        if (isWhole)
        {
            _listener.PassOn(_socket); // Its next request is as good as any connection's.
        }
        else
        {
            _lifetime.Abort();
        }
    }
}
