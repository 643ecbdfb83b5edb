using System.Text.Json.Serialization;

namespace Carillon.SocketIO.Cluster;

/// <summary>Serialization of what nodes say to each other.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(ClusterMessage))]
internal sealed partial class ClusterJson : JsonSerializerContext;
