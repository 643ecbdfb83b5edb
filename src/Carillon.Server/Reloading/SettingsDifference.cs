using System.Text.Json;
using System.Text.Json.Nodes;
using Carillon.Server.Composing;
using Carillon.Server.Settings;
using Carillon.Server.Settings.Hubs;
using Carillon.Server.Settings.Tokens;

namespace Carillon.Server.Reloading;

/// <summary>Finds what of changed settings comes into force only by a restart.</summary>
internal static class SettingsDifference
{
    /// <summary>The keys, in no particular order. Never a value: it might be a secret.</summary>
    public static IReadOnlyList<string> FindFixed(ServerPlan before, ServerPlan after)
    {
        var keys = new List<string>();
        Compare(ServerSettings.Section, FixedOf(before.Settings), FixedOf(after.Settings), keys);
        return keys;
    }

    /// <summary>The settings without those that come into force while the server runs.</summary>
    private static JsonObject FixedOf(ServerSettings settings)
    {
        JsonObject all = JsonSerializer.SerializeToNode(settings, SettingsJson.Default.ServerSettings)!.AsObject();
        all.Remove(nameof(HubSettings.Topics));
        foreach ((_, JsonNode? hub) in all[nameof(ServerSettings.Hubs)]!.AsObject())
        {
            hub!.AsObject().Remove(nameof(HubSettings.Topics));
        }

        if (all[nameof(ServerSettings.Tokens)] is JsonObject tokens)
        {
            tokens.Remove(nameof(TokenSettings.ApiKeys));
            tokens.Remove(nameof(TokenSettings.Jwt));
        }

        return all;
    }

    private static void Compare(string key, JsonNode? before, JsonNode? after, List<string> keys)
    {
        if (JsonNode.DeepEquals(before, after))
        {
            return;
        }

        if (before is JsonObject old && after is JsonObject changed)
        {
            foreach (string name in old.Select(static member => member.Key).Union(changed.Select(static member => member.Key)))
            {
                Compare($"{key}:{name}", old[name], changed[name], keys);
            }

            return;
        }

        keys.Add(key);
    }
}
