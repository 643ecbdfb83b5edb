namespace Carillon.Specs.Schemas.Compiling;

/// <summary>
/// Looks for schemas that apply to one value again and again without going into it: a circle would never end, and a very long chain would need a very deep stack.
/// </summary>
internal sealed class InPlaceChains
{
    private const int MaxLength = 32;

    private readonly Dictionary<Schema, int> _heights = [];
    private readonly HashSet<Schema> _entered = [];

    /// <summary>The first schema at fault; null when there is none.</summary>
    public (string Place, string Expectation)? FindProblem(IEnumerable<Schema> schemas)
    {
        foreach (Schema schema in schemas)
        {
            if (HeightOf(schema) is null)
            {
                return (schema.Place, "must not refer to itself without going into the value");
            }

            if (_heights[schema] > MaxLength)
            {
                return (schema.Place, $"must not apply more than {MaxLength} schemas, one inside the other, to the same value");
            }
        }

        return null;
    }

    // How many schemas follow each other on the same value; null for a circle. A chain that is too long is not followed to its end.
    private int? HeightOf(Schema schema)
    {
        if (_heights.TryGetValue(schema, out int known))
        {
            return known;
        }

        if (!_entered.Add(schema))
        {
            return null;
        }

        int height = 1;
        foreach (Schema next in schema.InPlace)
        {
            int? below = _entered.Count > MaxLength && !_entered.Contains(next) ? MaxLength : HeightOf(next);
            if (below is null)
            {
                return null;
            }

            height = Math.Max(height, below.Value + 1);
        }

        _entered.Remove(schema);
        _heights[schema] = height;
        return height;
    }
}
