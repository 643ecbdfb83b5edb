namespace Carillon.Specs.Schemas;

/// <summary>
/// What is known of schemas tried on values. It has a fixed number of places and forgets an older result for a newer one: enough to keep nested alternatives from multiplying,
/// because they meet the same pairs again soon, and no payload makes it grow.
/// </summary>
internal sealed class ResultMemory
{
    private const int Bits = 13;

    // Each place: the pair, one bit for the result, and one that tells it from an empty place.
    private readonly ulong[] _results = new ulong[1 << Bits];

    public bool TryGet(int schema, int node, out bool fits)
    {
        ulong pair = Pair(schema, node);
        ulong known = _results[Place(pair)];
        fits = (known & 1) != 0;
        return (known & ~1UL) == pair;
    }

    public void Set(int schema, int node, bool fits)
    {
        ulong pair = Pair(schema, node);
        _results[Place(pair)] = pair | (fits ? 1UL : 0UL);
    }

    private static ulong Pair(int schema, int node) => ((ulong)(uint)schema << 34) | ((ulong)(uint)node << 2) | 2;

    private static int Place(ulong pair) => (int)((pair * 0x9E3779B97F4A7C15UL) >> (64 - Bits));
}
