using System.Runtime.InteropServices;
using SQLitePCL;

namespace Carillon.Sqlite.Native;

/// <summary>
/// Decides once per process which SQLite library the provider's calls go to. docs/adr/0003-sqlite-packages.md says why there is a choice.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal static class SqliteLibrary
{
    /// <summary>The name that the provider's imports ask for.</summary>
    private const string Bundled = "e_sqlite3";

    private const string System = "libsqlite3.so.0";

    // Guards the one decision.
    private static readonly Lock Decision = new();
    private static LoadedLibrary? _loaded;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int IntFunction();

    /// <summary>Loads the library on the first call; later calls return what was loaded.</summary>
    /// <exception cref="InvalidOperationException">The bundled library is demanded after the system's was loaded.</exception>
    public static LoadedLibrary Load(NativeLibraryChoice choice)
    {
        lock (Decision)
        {
            _loaded ??= LoadNeedsLock(choice);
            return choice == NativeLibraryChoice.Bundled && _loaded.IsSystem
                ? throw new InvalidOperationException("The system's SQLite library is in use already: the choice holds for the whole process")
                : _loaded;
        }
    }

    private static LoadedLibrary LoadNeedsLock(NativeLibraryChoice choice)
    {
        nint system = choice == NativeLibraryChoice.Auto ? FindNewerSystemLibrary() : 0;
        if (system != 0)
        {
            NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, (name, _, _) => name == Bundled ? system : 0);
        }

        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        raw.FreezeProvider();
        return new LoadedLibrary(system != 0, system != 0 ? System : Bundled, raw.sqlite3_libversion().utf8_to_string());
    }

    private static nint FindNewerSystemLibrary()
    {
        if (!NativeLibrary.TryLoad(System, out nint system))
        {
            return 0;
        }

        // Libraries are loaded with local symbols, so the two do not mix; the one not chosen is let go of.
        bool usable = Call(system, "sqlite3_threadsafe") > 0;
        if (usable && NativeLibrary.TryLoad(Bundled, typeof(SQLite3Provider_e_sqlite3).Assembly, null, out nint bundled))
        {
            usable = Call(system, "sqlite3_libversion_number") > Call(bundled, "sqlite3_libversion_number");
            NativeLibrary.Free(bundled);
        }

        if (usable)
        {
            return system;
        }

        NativeLibrary.Free(system);
        return 0;
    }

    private static int Call(nint library, string function) =>
        NativeLibrary.TryGetExport(library, function, out nint address) ? Marshal.GetDelegateForFunctionPointer<IntFunction>(address)() : 0;
}
