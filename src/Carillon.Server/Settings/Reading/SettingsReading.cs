using Carillon.Server.Composing;

namespace Carillon.Server.Settings.Reading;

/// <summary>What a look at the settings found.</summary>
/// <param name="Plan">Everything that they say; null when something is wrong.</param>
/// <param name="Problems">What is wrong, each with its place; empty when nothing is.</param>
/// <param name="Fingerprint">Of the files, from before they were read: what changes later has another one.</param>
internal sealed record SettingsReading(ServerPlan? Plan, IReadOnlyList<string> Problems, string Fingerprint);
