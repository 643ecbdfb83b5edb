using System.Text.RegularExpressions;

namespace Carillon.Specs.Schemas.Keywords;

/// <summary>What a schema says of members whose name holds a match.</summary>
internal readonly record struct PatternRule(Regex Pattern, Schema Schema);
