using System.Diagnostics;
using Carillon.Sqlite.Native;
using Shouldly;
using Xunit;

namespace Carillon.Sqlite.Tests;

/// <summary>The library is chosen once per process, so each choice has a process of its own.</summary>
public sealed class NativeLibraryTests
{
    [Fact]
    public void Load_takes_the_system_library_only_when_it_is_newer_than_the_bundled_one()
    {
        LoadedLibrary loaded = SqliteLibrary.Load(TestDatabase.Library);
        SqliteLibrary.Load(TestDatabase.Library).ShouldBeSameAs(loaded);
        var version = Version.Parse(loaded.Version);
        if (loaded.IsSystem)
        {
            version.ShouldBeGreaterThan(new Version(3, 35, 5));
            Should.Throw<InvalidOperationException>(() => SqliteLibrary.Load(NativeLibraryChoice.Bundled));
        }
        else
        {
            version.ShouldBe(new Version(3, 35, 5));
        }
    }

    [Theory]
    [InlineData(typeof(SqliteTopicEngineTests))]
    [InlineData(typeof(SqliteConsumerStoreTests))]
    [InlineData(typeof(QueryPlanTests))]
    [InlineData(typeof(BundledLibraryProbe))]
    public async Task The_bundled_library_passes_the_same_tests(Type testClass)
    {
        using Process process = ChildProcess.Start(
            testClass, explicitOnly: testClass == typeof(BundledLibraryProbe), (TestDatabase.LibraryVariable, nameof(NativeLibraryChoice.Bundled)));
        (int exitCode, string output) = await ChildProcess.EndAsync(process);
        exitCode.ShouldBe(0, output);
    }
}
