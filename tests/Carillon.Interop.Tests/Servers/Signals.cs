using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Carillon.Interop.Tests.Servers;

/// <summary>Signals to a process that the test started.</summary>
internal static partial class Signals
{
    private const int Terminate = 15;

    public static void SendTerminate(Process process)
    {
        if (Kill(process.Id, Terminate) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}
