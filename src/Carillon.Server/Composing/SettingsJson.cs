using System.Text.Json.Serialization;
using Carillon.Server.Settings;
using Carillon.Server.Settings.Topics;

namespace Carillon.Server.Composing;

/// <summary>Settings as text, to be compared.</summary>
[JsonSerializable(typeof(ServerSettings))]
[JsonSerializable(typeof(TopicSettings))]
internal sealed partial class SettingsJson : JsonSerializerContext;
