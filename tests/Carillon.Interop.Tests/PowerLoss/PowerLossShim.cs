using System.Diagnostics;
using Carillon.Interop.Tests.Servers;

namespace Carillon.Interop.Tests.PowerLoss;

/// <summary>The LD_PRELOAD library, compiled once for a run of the tests.</summary>
public sealed class PowerLossShim : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public string Library => _folder.File("libpowerloss.so");

    public async ValueTask InitializeAsync()
    {
        using var compiler = Process.Start(new ProcessStartInfo("gcc", ["-std=gnu11", "-O2", "-shared", "-fPIC", "-o", Library, Repository.TestFile("native/powerloss.c")]) { RedirectStandardError = true, UseShellExecute = false })!;
        var errors = await compiler.StandardError.ReadToEndAsync();
        await compiler.WaitForExitAsync();
        compiler.ExitCode.ShouldBe(0, errors);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
