using Carillon.Connections.WebSockets;

namespace Carillon.Connections.Upgrades;

/// <summary>The connections that live without a request, and the upgrade requests being answered: the host waits for them when it stops. Thread-safe.</summary>
internal sealed class HeldConnections
{
    private readonly Lock _gate = new(); // Guards all fields and the links' places in the list.
    private readonly HashSet<UpgradeLifetime> _requests = [];
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SocketLink? _first;
    private bool _closing;

    /// <summary>A request begins to be answered; false once the host stops, which waits for those it knows of and no others.</summary>
    public bool TryEnter(UpgradeLifetime request)
    {
        lock (_gate)
        {
            if (!_closing)
            {
                _requests.Add(request);
            }

            return !_closing;
        }
    }

    public void Leave(UpgradeLifetime request)
    {
        lock (_gate)
        {
            _requests.Remove(request);
            TellIfEmptyNeedsLock();
        }
    }

    public void Add(SocketLink link)
    {
        bool closing;
        lock (_gate)
        {
            closing = _closing;
            link.Next = _first;
            if (_first is not null)
            {
                _first.Previous = link;
            }

            _first = link;
        }

        if (closing)
        {
            link.Holder?.Close(WebSocketCloseCode.GoingAway, ShuttingDown);
        }
    }

    public void Remove(SocketLink link)
    {
        lock (_gate)
        {
            if (link.Previous is not null)
            {
                link.Previous.Next = link.Next;
            }
            else if (_first == link)
            {
                _first = link.Next;
            }
            else
            {
                return; // It was never added.
            }

            if (link.Next is not null)
            {
                link.Next.Previous = link.Previous;
            }

            link.Next = link.Previous = null;
            TellIfEmptyNeedsLock();
        }
    }

    /// <summary>Closes all connections with code 1001, and returns when nothing is left; what is left when the host waits no longer is aborted.</summary>
    public async Task CloseAsync(CancellationToken cancellation)
    {
        SocketLink[] links;
        lock (_gate)
        {
            _closing = true;
            links = LinksNeedsLock();
            TellIfEmptyNeedsLock();
        }

        foreach (SocketLink link in links)
        {
            link.Holder?.Close(WebSocketCloseCode.GoingAway, ShuttingDown);
        }

        try
        {
            await _empty.Task.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            AbortAll();
        }
    }

    private const string ShuttingDown = "server is shutting down";

    private void AbortAll()
    {
        SocketLink[] links;
        UpgradeLifetime[] requests;
        lock (_gate)
        {
            links = LinksNeedsLock();
            requests = [.. _requests];
        }

        Array.ForEach(links, static link => link.Holder?.Abort());
        Array.ForEach(requests, static request => request.Abort());
    }

    private SocketLink[] LinksNeedsLock()
    {
        List<SocketLink> links = [];
        for (SocketLink? link = _first; link is not null; link = link.Next)
        {
            links.Add(link);
        }

        return [.. links];
    }

    private void TellIfEmptyNeedsLock()
    {
        if (_closing && _first is null && _requests.Count == 0)
        {
            _empty.TrySetResult();
        }
    }
}
