using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Carillon.Interop.Tests.Servers;

namespace Carillon.Interop.Tests.Configuration;

/// <summary>The settings of a shop, as its operator keeps them, in a folder of its own.</summary>
internal sealed class SettingsFile : IDisposable
{
    public const string Till = "a secret of the till, long and random";
    public const string Desk = "a secret of the desk, long and random";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly TemporaryFolder _folder = new();

    public SettingsFile() => Write();

    /// <summary>The settings, to be changed and written.</summary>
    public JsonNode Settings { get; } = JsonNode.Parse($$"""
        {
          "$schema": "carillon.schema.json",
          "Carillon": {
            "ReloadInterval": "00:00:00.1",
            "Tokens": {
              "ApiKeys": [
                { "Name": "till", "Hash": "{{HashOf(Till)}}" },
                { "Name": "desk", "Hash": "{{HashOf(Desk)}}", "Roles": ["clerk"] }
              ]
            },
            "Hubs": {
              "main": {
                "Path": "/",
                "Topics": [
                  { "Name": "news" },
                  {
                    "Name": "orders",
                    "Publishers": { "ApiKeys": ["till"] },
                    "Subscribers": { "Any": [{ "Roles": ["clerk"] }, { "ApiKeys": ["till"] }] },
                    "Spec": { "Fields": { "id": "integer", "note": "optional string" } },
                    "Append": { "time": "ServerTime" }
                  }
                ]
              },
              "chat": {
                "Topics": [{ "Name": "room", "Ephemeral": true }],
                "Rules": { "SubscriptionFloor": { "Grace": "00:00:01" } }
              }
            }
          }
        }
        """)!;

    public JsonNode Section => Settings["Carillon"]!;

    /// <summary>The topics of the hub <c>main</c>.</summary>
    public JsonArray TopicsOfMain => Section["Hubs"]!["main"]!["Topics"]!.AsArray();

    public string Path => _folder.File("appsettings.json");

    public TemporaryFolder Folder => _folder;

    /// <summary>How a server is started that reads the file.</summary>
    public ServerSettings Server => new() { Database = _folder.Database, FromFile = true };

    /// <summary>Writes the settings as editors do: a new file takes the place of the old one.</summary>
    public void Write() => Write(Settings.ToJsonString(Indented));

    /// <summary>Writes a text in place of settings.</summary>
    public void Write(string text)
    {
        string draft = _folder.File("draft");
        File.WriteAllText(draft, text);
        File.Move(draft, Path, overwrite: true);
    }

    public void Dispose() => _folder.Dispose();

    private static string HashOf(string secret) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
