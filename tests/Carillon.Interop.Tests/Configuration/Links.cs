using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Carillon.Interop.Tests.Configuration;

/// <summary>Moves links to folders, which the framework takes for the folders.</summary>
internal static partial class Links
{
    /// <summary>rename(2): one takes the place of the other at once.</summary>
    public static void Replace(string link, string by)
    {
        if (Rename(by, link) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Rename(string from, string to);
}
