using System.Text;

namespace Carillon.Specs.Values;

/// <summary>
/// Finds UTF-8 names among a fixed set without an allocation. The chains of a bucket hold only the set's own names, which the operator chose,
/// so nobody who looks names up can make them longer.
/// </summary>
internal sealed class NameTable
{
    private const uint Offset = 2166136261;
    private const uint Prime = 16777619;

    private readonly byte[][] _names;
    private readonly int[] _buckets;
    private readonly int[] _next;
    private readonly int _mask;
    private readonly int _longest;

    public NameTable(IReadOnlyList<string> names)
    {
        _names = [.. names.Select(Encoding.UTF8.GetBytes)];
        _buckets = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, 2 * _names.Length))];
        _next = new int[_names.Length];
        _mask = _buckets.Length - 1;
        _longest = _names.Length == 0 ? 0 : _names.Max(name => name.Length);
        Array.Fill(_buckets, -1);
        for (int i = 0; i < _names.Length; i++)
        {
            ref int bucket = ref _buckets[Hash(_names[i]) & _mask];
            _next[i] = bucket;
            bucket = i;
        }
    }

    public int Count => _names.Length;

    /// <summary>Bytes of the longest name.</summary>
    public int Longest => _longest;

    public string this[int index] => Encoding.UTF8.GetString(_names[index]);

    /// <summary>The index of a name, or -1.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        if (name.Length > _longest || _names.Length == 0)
        {
            return -1;
        }

        int index = _buckets[Hash(name) & _mask];
        while (index >= 0 && !name.SequenceEqual(_names[index]))
        {
            index = _next[index];
        }

        return index;
    }

    // FNV-1a.
    private static uint Hash(ReadOnlySpan<byte> name)
    {
        uint hash = Offset;
        foreach (byte value in name)
        {
            hash = (hash ^ value) * Prime;
        }

        return hash ^ (hash >> 15);
    }
}
