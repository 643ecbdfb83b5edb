using System.Diagnostics.CodeAnalysis;
using Carillon.AspNetCore.Hosting;
using Carillon.Hubs;

namespace Carillon.AspNetCore;

/// <summary>The hubs of an application by name; a controller or service that wants to publish or to add topics asks for it.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class HubDirectory : IAsyncDisposable
{
    private readonly Lock _gate = new(); // guards adding
    private volatile MountedHub[] _hubs;
    private bool _closed;

    internal HubDirectory(IEnumerable<Hub> added) => _hubs = [.. added.Select(static hub => new MountedHub(hub, []))];

    /// <summary>The hub of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public Hub this[string name] => TryFind(name, out Hub? hub) ? hub : throw new KeyNotFoundException($"There is no hub '{name}'");

    internal IReadOnlyList<MountedHub> Hubs => _hubs;

    /// <summary>Finds the hub of that name.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out Hub? hub)
    {
        hub = Array.Find(_hubs, mounted => mounted.Hub.Options.Name == name)?.Hub;
        return hub is not null;
    }

    /// <summary>Disposes the hubs, where the application did not come to stop them.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (MountedHub mounted in Close())
        {
            await mounted.Hub.DisposeAsync();
        }
    }

    /// <summary>Adds a hub that is opened when the application starts.</summary>
    /// <exception cref="InvalidOperationException">There is one of that name, or the application has started.</exception>
    internal void Add(MountedHub mounted)
    {
        lock (_gate)
        {
            if (_closed)
            {
                throw new InvalidOperationException("Hubs are mounted before the application starts");
            }

            _hubs = [.. _hubs, mounted];
        }
    }

    /// <summary>Throws when no hub of that name can be added any more.</summary>
    internal void CheckNew(string name)
    {
        if (TryFind(name, out _))
        {
            throw new InvalidOperationException($"There is a hub '{name}' already: give one of them another name");
        }
    }

    /// <summary>The hubs, none being added from now on.</summary>
    internal MountedHub[] Close()
    {
        lock (_gate)
        {
            _closed = true;
            return _hubs;
        }
    }
}
