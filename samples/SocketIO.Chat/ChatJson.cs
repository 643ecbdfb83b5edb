using System.Text.Json;
using System.Text.Json.Serialization;

namespace SocketIO.Chat;

/// <summary>The types that go over the wire, known at compile time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ChatGuest))]
[JsonSerializable(typeof(ChatDraft))]
[JsonSerializable(typeof(ChatMessage))]
[JsonSerializable(typeof(ChatReceipt))]
[JsonSerializable(typeof(ChatWelcome))]
internal sealed partial class ChatJson : JsonSerializerContext;
