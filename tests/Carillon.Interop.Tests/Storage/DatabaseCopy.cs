using System.Diagnostics;
using System.Text.Json;
using Carillon.Interop.Tests.Servers;

namespace Carillon.Interop.Tests.Storage;

/// <summary>The tables of a server's database, read by Python's sqlite3 from a copy of its files. The server must have ended.</summary>
internal sealed class DatabaseCopy
{
    private readonly JsonElement _tables;

    private DatabaseCopy(JsonElement tables) => _tables = tables;

    public IReadOnlyList<JsonElement> Messages => Rows("messages");

    public IReadOnlyList<JsonElement> Consumptions => Rows("consumptions");

    public IReadOnlyList<JsonElement> Subscriptions => Rows("subscriptions");

    public static async Task<DatabaseCopy> ReadAsync(string database)
    {
        using var folder = new TemporaryFolder();
        foreach (var path in Directory.EnumerateFiles(Path.GetDirectoryName(database)!, Path.GetFileName(database) + "*"))
        {
            File.Copy(path, folder.File(Path.GetFileName(path)));
        }

        using var reader = Process.Start(new ProcessStartInfo("/usr/bin/python3", [Repository.TestFile("python/tables.py"), folder.Database])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var errors = reader.StandardError.ReadToEndAsync();
        var text = await reader.StandardOutput.ReadToEndAsync();
        await reader.WaitForExitAsync();
        reader.ExitCode.ShouldBe(0, await errors);
        return new DatabaseCopy(JsonElement.Parse(text));
    }

    private IReadOnlyList<JsonElement> Rows(string table) => [.. _tables.GetProperty(table).EnumerateArray()];
}
