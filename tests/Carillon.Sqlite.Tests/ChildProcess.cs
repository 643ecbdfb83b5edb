using System.Diagnostics;

namespace Carillon.Sqlite.Tests;

/// <summary>Runs tests of this assembly in a process of their own.</summary>
internal static class ChildProcess
{
    /// <summary>Starts the tests of one class.</summary>
    /// <param name="testClass">Its full name.</param>
    /// <param name="explicitOnly">Runs those that a normal run leaves out, instead of the others.</param>
    /// <param name="environment">Variables to set.</param>
    public static Process Start(Type testClass, bool explicitOnly, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            "exec", typeof(ChildProcess).Assembly.Location, "--filter-class", testClass.FullName!, "--explicit", explicitOnly ? "only" : "off",
            "--no-progress", "--no-ansi",
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Waits for the end and returns what was printed.</summary>
    public static async Task<(int ExitCode, string Output)> EndAsync(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
