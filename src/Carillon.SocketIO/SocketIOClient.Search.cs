using System.Text;

namespace Carillon.SocketIO;

// Namespaces of families are looked for: whether there is one for a client may take long to find out.
internal sealed partial class SocketIOClient
{
    private Dictionary<string, SocketHandshake>? _asked; // Names whose families are being looked for, for whom: one at a time for each. Guarded by _gate.

    /// <summary>Whether a name is short enough for a family's namespace.</summary>
    public static bool IsFamilyName(string name) => Encoding.UTF8.GetByteCount(name) <= LongestFamilyName;

    private string? BeginSearch(string name, SocketHandshake handshake)
    {
        lock (_gate)
        {
            if (FindExcessNeedsLock(handshake) is { } excess)
            {
                return excess;
            }

            _asked ??= new Dictionary<string, SocketHandshake>(StringComparer.Ordinal);
            if (!_asked.TryAdd(name, handshake))
            {
                // The search under way is in vain: it ends before the next one begins.
                _asked[name] = handshake.Order > _asked[name].Order ? handshake : _asked[name];
                return null;
            }
        }

        _ = SearchAsync(name, handshake);
        return null;
    }

    private async Task SearchAsync(string name, SocketHandshake handshake)
    {
        ConnectRefusal refusal = InvalidNamespace;
        SocketNamespaceFamily? found = null;
        try
        {
            found = await FindFamilyAsync(name, handshake);
        }
        catch (Exception error)
        {
            refusal = RefusalFor(error, "namespace", name);
        }

        SocketHandshake latest;
        lock (_gate)
        {
            _asked!.Remove(name, out latest!);
        }

        if (latest != handshake)
        {
            BeginLater(name, latest);
        }
        else if (found is null)
        {
            Refuse(SocketIOFrame.PrefixOf(name), refusal);
        }
        else if (Admit(Server.Hold(name, found), handshake) is { } violation)
        {
            Session.Close(new DisconnectReason(DisconnectCause.ParseError, violation));
        }
    }

    private async ValueTask<SocketNamespaceFamily?> FindFamilyAsync(string name, SocketHandshake handshake)
    {
        foreach (SocketNamespaceFamily family in Server.Families)
        {
            if (await family.AcceptsAsync(name, handshake, GoneToken()))
            {
                return family;
            }
        }

        return null;
    }
}
