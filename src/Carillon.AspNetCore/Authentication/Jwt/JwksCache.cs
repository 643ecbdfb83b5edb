using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.Authentication.Jwt;

/// <summary>
/// Keeps the keys of a JWK set. They are read again when they are older than the interval, and when a token names a key that is not among them;
/// never twice within the floor, and never twice at once. What cannot be read leaves the keys as they are.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class JwksCache(IJwksSource source, TimeSpan interval, TimeSpan floor, TimeProvider time, ILogger logger)
{
    // Guards the fields below it; nothing is read while it is held.
    private readonly Lock _changing = new();
    private Task? _reading;
    private long? _lastAttempt;
    private long? _lastSuccess;
    private bool _retired;
    private volatile JwtKey[] _keys = [];

    public JwtKey[] Keys => _keys;

    /// <summary>Takes keys that were read elsewhere.</summary>
    public void Seed(JwtKey[] keys) => Take(keys);

    /// <summary>Reads the keys again if that is due.</summary>
    public Task RefreshIfOldAsync(CancellationToken cancellationToken) => Refresh(evenIfFresh: false).WaitAsync(cancellationToken);

    /// <summary>Reads the keys again because one was not among those that the caller saw, unless others came meanwhile.</summary>
    public Task RefreshAsync(JwtKey[] seen, CancellationToken cancellationToken) =>
        seen == _keys ? Refresh(evenIfFresh: true).WaitAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>Ends the use of its keys for good.</summary>
    public void Retire()
    {
        lock (_changing)
        {
            _retired = true;
            Array.ForEach(_keys, static key => key.Retire());
        }
    }

    private Task Refresh(bool evenIfFresh)
    {
        lock (_changing)
        {
            bool fresh = _lastSuccess is { } success && time.GetElapsedTime(success) < interval;
            if (fresh && !evenIfFresh)
            {
                return Task.CompletedTask;
            }

            if (_reading is not null)
            {
                return _reading;
            }

            if (_lastAttempt is { } attempt && time.GetElapsedTime(attempt) < floor)
            {
                return Task.CompletedTask;
            }

            _lastAttempt = time.GetTimestamp();

            // On another thread: what it reads must not be read under the lock, nor end with the request that asked first.
            return _reading = Task.Run(ReadAsync);
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            (JwtKey[]? keys, string? problem) = await source.ReadAsync(CancellationToken.None);
            if (keys is not null)
            {
                Take(keys);
                logger.KeysRead(keys.Length, source.Name);
            }
            else
            {
                logger.KeysNotRead(source.Name, problem!);
            }
        }
        finally
        {
            lock (_changing)
            {
                _reading = null;
            }
        }
    }

    private void Take(JwtKey[] keys)
    {
        lock (_changing)
        {
            JwtKey[] old = _keys;

            // A key that stays is the same object, so that the tokens it verified stay valid.
            JwtKey[] next = [.. keys.Select(key => Array.Find(old, key.IsSameAs) ?? key)];
            _keys = next;
            _lastSuccess = time.GetTimestamp();
            foreach (JwtKey gone in _retired ? next : old.Except(next))
            {
                gone.Retire();
            }
        }
    }
}
