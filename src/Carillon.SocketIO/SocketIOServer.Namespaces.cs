using System.Text.RegularExpressions;
using Atomic = System.Threading.Volatile;

namespace Carillon.SocketIO;

public sealed partial class SocketIOServer
{
    private SocketNamespace[] _namespaces; // These two are replaced, never changed, so that they are read without a lock.
    private SocketNamespaceFamily[] _families = [];

    internal ReadOnlySpan<SocketNamespace> Namespaces => Atomic.Read(ref _namespaces);

    internal SocketNamespaceFamily[] Families => Atomic.Read(ref _families);

    /// <summary>Guards which names there are: coming and going of namespaces, own ones and those of families.</summary>
    internal Lock Names { get; } = new();

    /// <summary>
    /// The namespace <paramref name="name"/>, which begins with <c>/</c> and holds no comma. <c>/</c> always exists, any other from the first call on;
    /// clients that ask for one that does not are refused with <c>Invalid namespace</c>. A name that a family has now, or that matches a family's pattern, gives that family's
    /// namespace, which then stays when nobody is in it; any other gives one of its own, which goes before families that are made later.
    /// </summary>
    public SocketNamespace Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (FindLasting(name) is { } known)
        {
            return known;
        }

        if (!name.StartsWith('/') || name.Contains(',', StringComparison.Ordinal))
        {
            throw new ArgumentException("A namespace's name begins with '/' and holds no comma.", nameof(name));
        }

        SocketNamespaceFamily? matching = Array.Find(Families, family => family.Matches(name)); // The pattern is the application's: not under the lock.
        lock (Names)
        {
            if (FindLasting(name) is { } found)
            {
                return found;
            }

            if ((Array.Find(Families, family => family.Find(name) is not null) ?? matching) is { } family)
            {
                return family.Members.NameNeedsLock(name);
            }

            var created = new SocketNamespace(this, name);
            Atomic.Write(ref _namespaces, [.. _namespaces, created]);
            return created;
        }
    }

    /// <summary>
    /// The namespaces whose names match <paramref name="pattern"/>: each exists while it has sockets. Names over 255 bytes of UTF-8 match no family.
    /// A namespace of its own, made by <see cref="Of(string)"/> before, goes first; of several families the one that has the name now, with its own checks,
    /// else the one that was made first. A name never has two namespaces.
    /// </summary>
    public SocketNamespaceFamily Of(Regex pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        return AddFamily((name, _, _) => new ValueTask<bool>(pattern.IsMatch(name)), pattern);
    }

    /// <summary>
    /// The namespaces that <paramref name="accepts"/> lets come into being, for each client that asks; see <see cref="Of(Regex)"/>. The token is cancelled when
    /// the client is gone. A <see cref="SocketArgumentException"/> refuses with its message; any other exception refuses with <c>internal error</c> and is logged.
    /// </summary>
    public SocketNamespaceFamily Of(Func<string, SocketHandshake, CancellationToken, ValueTask<bool>> accepts)
    {
        ArgumentNullException.ThrowIfNull(accepts);
        return AddFamily(accepts, pattern: null);
    }

    /// <summary>The namespace <paramref name="name"/>, if it is there.</summary>
    internal SocketNamespace? Find(string name)
    {
        if (FindOwn(name) is { } own)
        {
            return own;
        }

        foreach (SocketNamespaceFamily family in Families)
        {
            if (family.Find(name) is { } member)
            {
                return member;
            }
        }

        return null;
    }

    /// <summary>
    /// The namespace for one more socket that <paramref name="family"/> accepted; one that has the name already, its own or another family's, goes first, as a name never has two.
    /// The socket gives it back by leaving.
    /// </summary>
    internal SocketNamespace Hold(string name, SocketNamespaceFamily family)
    {
        lock (Names)
        {
            SocketNamespaceFamily owner = Array.Find(Families, other => other.Find(name) is not null) ?? family;
            return FindOwn(name) ?? owner.Members.AddSocketNeedsLock(name);
        }
    }

    /// <summary>A socket has left a namespace of <paramref name="family"/>.</summary>
    internal void Release(SocketNamespace target, SocketNamespaceFamily family, bool mayComeBack)
    {
        bool isGone;
        lock (Names)
        {
            isGone = family.Members.RemoveSocketNeedsLock(target, mayComeBack);
        }

        if (isGone)
        {
            _ = target.EndAsync();
        }
    }

    private SocketNamespaceFamily AddFamily(Func<string, SocketHandshake, CancellationToken, ValueTask<bool>> accepts, Regex? pattern)
    {
        var family = new SocketNamespaceFamily(this, accepts, pattern);
        lock (Names)
        {
            Atomic.Write(ref _families, [.. _families, family]);
        }

        return family;
    }

    private SocketNamespace? FindOwn(string name) => Array.Find(Atomic.Read(ref _namespaces), known => known.Name == name);

    // One that does not go with its last socket.
    private SocketNamespace? FindLasting(string name) => Find(name) is { } found && (found.Family is null || found.IsNamed) ? found : null;

    private Task EndNamespacesAsync()
    {
        IEnumerable<SocketNamespace> members = Families.SelectMany(static family => family.Namespaces);
        return Task.WhenAll(Namespaces.ToArray().Concat(members).Select(static target => target.EndAsync()));
    }
}
