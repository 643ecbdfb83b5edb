using System.Text;
using Carillon.Errors;
using Carillon.Json;
using Carillon.Specs;

namespace Carillon.Tests.Specs;

/// <summary>Payloads as a publish hands them to a spec: compact, as UTF-8.</summary>
internal static class Payload
{
    public static byte[] Of(string json) => JsonText.Compact(Encoding.UTF8.GetBytes(json));

    public static Error? Check(this IPayloadSpec spec, string json) => spec.Check(Of(json));
}
