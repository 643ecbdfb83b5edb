namespace Carillon.Specs.Schemas.Keywords;

/// <summary>What a schema says of a member by its name.</summary>
/// <param name="Schema">The schema of its value; null when it is only required.</param>
/// <param name="IsRequired">Whether it must be there.</param>
internal readonly record struct PropertyRule(Schema? Schema, bool IsRequired);
