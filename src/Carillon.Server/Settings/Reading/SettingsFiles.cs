using System.Security.Cryptography;
using System.Text;

namespace Carillon.Server.Settings.Reading;

/// <summary>
/// Tells whether files have changed, by what they hold: that sees editors that put a new file in the place of the old one, links that lead elsewhere, and changes within one tick of the
/// file system's clock. A watch on the folder would wake at each write to the database beside them.
/// </summary>
internal static class SettingsFiles
{
    private const string Missing = "-";

    /// <summary>A text that is another one when a file holds something else, comes or goes.</summary>
    public static string Fingerprint(IEnumerable<string> files)
    {
        var fingerprint = new StringBuilder();
        foreach (string file in files)
        {
            fingerprint.Append(file).Append('=').Append(Hash(file)).Append('\n');
        }

        return fingerprint.ToString();
    }

    private static string Hash(string file)
    {
        try
        {
            // Without a buffer of its own: the hash reads in large pieces.
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return Convert.ToHexString(SHA256.HashData(stream));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Missing;
        }
    }
}
