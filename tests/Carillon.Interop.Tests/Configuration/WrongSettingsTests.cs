using System.Diagnostics;
using Carillon.Interop.Tests.Servers;
using Carillon.Interop.Tests.Waiting;

namespace Carillon.Interop.Tests.Configuration;

/// <summary>A file that is wrong from the start.</summary>
public sealed class WrongSettingsTests
{
    [Fact]
    public async Task A_wrong_setting_stops_the_start_with_file_line_key_and_what_was_expected()
    {
        using var file = new SettingsFile();
        file.Write("""
            {
              "Carillon": {
                "Hubs": {
                  "main": {
                    "Topics": [
                      { "Name": "a" },
                      {
                        "Name": "b",
                        "Publishers": { "ApiKeys": ["x"], "Roles": ["y"] }
                      }
                    ]
                  }
                }
              }
            }
            """);

        (int exitCode, string errors) = await RunAsync(file);

        exitCode.ShouldBe(2);
        errors.ShouldBe("carillon: wrong setting: appsettings.json, line 9: Carillon:Hubs:main:Topics:1:Publishers must have exactly one of ApiKeys, Roles, Claim, Any and All, but has ApiKeys, Roles\n");
    }

    [Fact]
    public async Task A_malformed_file_stops_the_start_with_line_and_byte()
    {
        using var file = new SettingsFile();
        file.Write("{\n  \"Carillon\": {\n    \"Port\": 50x0\n  }\n}");

        (int exitCode, string errors) = await RunAsync(file);

        exitCode.ShouldBe(2);
        errors.ShouldContain("appsettings.json, line 3, byte 15: 'x' is an invalid end of a number");
    }

    [Fact]
    public async Task A_misspelt_section_stops_the_start()
    {
        using var file = new SettingsFile();
        file.Write("""{"Carilon": {"Topics": [{"Name": "secret", "Subscribers": "Nobody"}]}}""");

        (int exitCode, string errors) = await RunAsync(file);

        exitCode.ShouldBe(2);
        errors.ShouldContain("appsettings.json: Carilon is unknown; known are: Carillon, Logging, $schema");
    }

    private static async Task<(int ExitCode, string Errors)> RunAsync(SettingsFile file)
    {
        using Process server = Process.Start(ServerProcess.CommandOf(file.Server))!;
        try
        {
            string errors = await server.StandardError.ReadToEndAsync().WaitAsync(Deadlines.Usual);
            await server.WaitForExitAsync().WaitAsync(Deadlines.Usual);
            return (server.ExitCode, errors);
        }
        finally
        {
            if (!server.HasExited)
            {
                server.Kill();
            }
        }
    }
}
