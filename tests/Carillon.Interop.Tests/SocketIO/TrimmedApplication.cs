using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Carillon.Interop.Tests.Servers;
using Carillon.Interop.Tests.Waiting;

namespace Carillon.Interop.Tests.SocketIO;

/// <summary><c>tests/Carillon.TrimmedApp</c>, published trimmed and self-contained into a folder of its own, and started there.</summary>
public sealed partial class TrimmedApplication : IAsyncLifetime
{
    /// <summary>Half a minute on an idle machine, more where the runtime's packages must be fetched first.</summary>
    private static readonly TimeSpan PublishPatience = TimeSpan.FromMinutes(5);

    private readonly TemporaryFolder _folder = new();
    private readonly OutputTail _output = new();
    private Process? _process;

    internal Uri Address { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await PublishAsync();
        string program = Path.Combine(_folder.Path, "app", "Carillon.TrimmedApp");
        _process = Start(program, "--urls", "http://127.0.0.1:0", "--SocketIO:PingInterval", "00:00:09");
        Address = await AddressAsync(_process).WaitAsync(Deadlines.Usual);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await EndAsync(_process);
        }

        _folder.Dispose();
    }

    // Nothing that a build of the repository uses is touched: --artifacts-path holds all of the publish's own build. Warnings of the trimmer are errors.
    private async Task PublishAsync()
    {
        using Process publish = Start(
            "dotnet",
            "publish",
            Path.Combine(Repository.Root, "tests", "Carillon.TrimmedApp"),
            "--configuration", "Release",
            "--runtime", RuntimeInformation.RuntimeIdentifier,
            "--self-contained",
            "--artifacts-path", _folder.File("artifacts"),
            "--output", _folder.File("app"),
            "--nologo",
            "-nodeReuse:false",
            "-p:RunAnalyzers=false",
            "-p:UseSharedCompilation=false");
        try
        {
            await ReadAsync(publish, static _ => false).WaitAsync(PublishPatience);
            await publish.WaitForExitAsync().WaitAsync(Deadlines.Usual);
        }
        finally
        {
            await EndAsync(publish);
        }

        publish.ExitCode.ShouldBe(0, _output.ToString());
    }

    private async Task<Uri> AddressAsync(Process process)
    {
        string line = await ReadAsync(process, static line => ReadyLine().IsMatch(line))
            ?? throw new InvalidOperationException($"The trimmed application did not start:\n{_output}");
        return new Uri(ReadyLine().Match(line).Groups["address"].Value);
    }

    // The first line that is sought, or null at the end of the output.
    private async Task<string?> ReadAsync(Process process, Func<string, bool> isSought)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            _output.Add(line);
            if (isSought(line))
            {
                return line;
            }
        }

        return null;
    }

    private Process Start(string program, params string[] arguments)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = _folder.Path,
            },
        };
        process.ErrorDataReceived += (_, line) => _output.Add(line.Data);
        process.Start();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task EndAsync(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync();
    }

    [GeneratedRegex(@"^Open at (?<address>http://\S+:\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ReadyLine();
}
