using System.Text.Json;
using System.Text.Json.Serialization;

namespace Carillon.TrimmedApp;

/// <summary>The types that go over the wire, known at compile time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Visitor))]
[JsonSerializable(typeof(Order[]))]
[JsonSerializable(typeof(Receipt))]
[JsonSerializable(typeof(Picture))]
internal sealed partial class AppJson : JsonSerializerContext;
