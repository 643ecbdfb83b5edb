using System.Diagnostics;
using System.Text.RegularExpressions;
using Carillon.Interop.Tests.Waiting;

namespace Carillon.Interop.Tests.Servers;

/// <summary>A program of <c>samples/</c>, started as its users start it.</summary>
internal sealed partial class SampleProcess : IAsyncDisposable
{
    private readonly Process _process;

    private SampleProcess(Process process) => _process = process;

    /// <summary>Starts the program <paramref name="name"/>.</summary>
    public static SampleProcess Start(string name, params string[] arguments) =>
        new(Process.Start(new ProcessStartInfo("dotnet", [Repository.SampleAssembly(name), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            WorkingDirectory = Path.Combine(Repository.Root, "samples", name),
        })!);

    /// <summary>Starts the server <paramref name="name"/> on a free port.</summary>
    public static SampleProcess StartServer(string name) => Start(name, "--urls", "http://127.0.0.1:0");

    /// <summary>The next line of its output.</summary>
    public async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(Deadlines.Usual) ?? throw new InvalidOperationException("The sample ended without a word.");

    /// <summary>Reads the output up to the address that a server tells.</summary>
    public async Task<Uri> AddressAsync()
    {
        while (true)
        {
            if (Address().Match(await ReadLineAsync()) is { Success: true } match)
            {
                return new Uri(match.Value);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();
}
