using System.Text.Json.Serialization;

namespace Carillon.AspNetCore.Tests.Channels;

[JsonSerializable(typeof(Score), TypeInfoPropertyName = "ScoreInfo")]
internal sealed partial class GeneratedJson : JsonSerializerContext
{
    internal sealed record Score(int BestScore);
}
