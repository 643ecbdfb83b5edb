using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Carillon.Connections.Upgrades;

/// <summary>The head of the answer to an upgrade request. Not thread-safe.</summary>
internal sealed class UpgradeResponse(UpgradeGate gate) : IHttpResponseFeature
{
    private Stack<(Func<object, Task> Callback, object State)>? _onStarting;
    private Stack<(Func<object, Task> Callback, object State)>? _onCompleted;
    private int _statusCode = StatusCodes.Status200OK;

    public int StatusCode
    {
        get => _statusCode;
        set
        {
            RefuseWhenStarted();
            _statusCode = value;
        }
    }

    public string? ReasonPhrase { get; set; }

    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    /// <summary>Bodies are written through <see cref="IHttpResponseBodyFeature"/>; this older way to them leads nowhere.</summary>
    public Stream Body { get; set; } = Stream.Null;

    public bool HasStarted { get; private set; }

    public void OnStarting(Func<object, Task> callback, object state)
    {
        RefuseWhenStarted();
        (_onStarting ??= new()).Push((callback, state));
    }

    public void OnCompleted(Func<object, Task> callback, object state) => (_onCompleted ??= new()).Push((callback, state));

    /// <summary>Runs what waits for the start of the response; it may still change the head.</summary>
    public async ValueTask PrepareAsync()
    {
        while (_onStarting is not null && _onStarting.TryPop(out (Func<object, Task> Callback, object State) next))
        {
            await next.Callback(next.State);
        }
    }

    /// <summary>Fixes the head and encodes it.</summary>
    /// <exception cref="InvalidOperationException">A field would break the head.</exception>
    public byte[] Start()
    {
        byte[] head = ResponseHead.Encode(this, gate.Options.AddServerHeader, gate.Time.GetUtcNow());
        HasStarted = true;
        return head;
    }

    /// <summary>Forgets what the application had set, after it failed.</summary>
    public void Reset(int statusCode)
    {
        Headers.Clear();
        ReasonPhrase = null;
        _onStarting = null;
        StatusCode = statusCode;
    }

    /// <summary>Runs what waits for the end of the request. Faults are logged: none may keep the others from running.</summary>
    public async Task CompleteAsync()
    {
        while (_onCompleted is not null && _onCompleted.TryPop(out (Func<object, Task> Callback, object State) next))
        {
            try
            {
                await next.Callback(next.State);
            }
            catch (Exception error)
            {
                UpgradeLog.ApplicationFault(gate.Logger, error);
            }
        }
    }

    private void RefuseWhenStarted()
    {
        if (HasStarted)
        {
            throw new InvalidOperationException("The response has already started.");
        }
    }
}
