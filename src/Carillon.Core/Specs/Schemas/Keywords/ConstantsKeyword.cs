using Carillon.Specs.Values;

namespace Carillon.Specs.Schemas.Keywords;

/// <summary><c>enum</c>, and <c>const</c> as an enumeration of one.</summary>
internal sealed class ConstantsKeyword : SchemaKeyword
{
    private readonly JsonTree[] _values;
    private readonly int[] _hashes;
    private readonly JsonTypes _kinds;
    private readonly string _expectation;

    /// <summary>Takes the values in.</summary>
    /// <param name="values">The values as JSON.</param>
    /// <param name="expectation">What a value that is none of them is told.</param>
    public ConstantsKeyword(IEnumerable<byte[]> values, string expectation)
    {
        _expectation = expectation;
        _values = [.. values.Select(Read)];
        _hashes = [.. _values.Select(value => JsonEquality.Hash(value, JsonTree.Root))];
        _kinds = _values.Aggregate(JsonTypes.None, (kinds, value) => kinds | JsonTypeNames.Of(value[JsonTree.Root].Kind));
    }

    public override bool Check(Validation validation, int node, bool report) =>
        Contains(validation, node) || validation.Refuse(node, report, _expectation);

    private bool Contains(Validation validation, int node)
    {
        JsonTree tree = validation.Tree;
        if ((_kinds & JsonTypeNames.Of(tree[node].Kind)) == JsonTypes.None)
        {
            return false;
        }

        validation.Charge(tree[node].Next - node + (tree[node].Length / 16) + (_hashes.Length / 16));
        ReadOnlySpan<int> hashes = _hashes;
        int hash = JsonEquality.Hash(tree, node);
        for (int start = 0, found; (found = hashes[start..].IndexOf(hash)) >= 0; start += found + 1)
        {
            if (JsonEquality.AreEqual(_values[start + found], JsonTree.Root, tree, node))
            {
                return true;
            }
        }

        return false;
    }

    private static JsonTree Read(byte[] json)
    {
        var tree = new JsonTree();
        tree.Load(json);
        return tree;
    }
}
