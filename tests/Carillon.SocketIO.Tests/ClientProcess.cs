using System.Diagnostics;

namespace Carillon.SocketIO.Tests;

/// <summary>Runs an official client's script in its own process and collects what it prints.</summary>
internal static class ClientProcess
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    public static Task<string> RunPythonAsync(string script, params string[] arguments) =>
        RunAsync("/usr/bin/python3", Path.Combine(AppContext.BaseDirectory, "python", script), arguments);

    private static async Task<string> RunAsync(string program, string script, string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(script);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Longest);
        }
        catch (TimeoutException late)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{script} did not end. It printed:\n{await output}\n{await errors}", late);
        }

        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{script} failed:\n{await output}\n{await errors}");
    }
}
