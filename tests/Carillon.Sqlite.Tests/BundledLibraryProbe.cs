using Carillon.Sqlite.Native;
using Shouldly;
using Xunit;

namespace Carillon.Sqlite.Tests;

/// <summary>Runs only in a child process that has asked for the bundled library: shows that it is the one in use.</summary>
public sealed class BundledLibraryProbe
{
    [Fact(Explicit = true)]
    public void Bundled_library_is_loaded_although_the_system_has_a_newer_one()
    {
        TestDatabase.Library.ShouldBe(NativeLibraryChoice.Bundled);
        SqliteLibrary.Load(TestDatabase.Library).ShouldBe(new LoadedLibrary(IsSystem: false, "e_sqlite3", "3.35.5"));
        File.ReadLines("/proc/self/maps").ShouldContain(line => line.Contains("libe_sqlite3.so", StringComparison.Ordinal));
    }
}
