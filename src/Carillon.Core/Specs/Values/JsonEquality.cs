using System.Buffers;
using System.Runtime.InteropServices;
using Carillon.Json;

namespace Carillon.Specs.Values;

/// <summary>When two JSON values are the same: numbers by their value, strings by their characters, objects whatever the order of their members.</summary>
internal static class JsonEquality
{
    /// <summary>The same for values that are equal. Its seed differs in every process, so that nobody can prepare values that collide.</summary>
    public static int Hash(JsonTree tree, int node)
    {
        JsonNode value = tree[node];
        switch (value.Kind)
        {
            case JsonKind.Number:
                return new ExactNumber(tree.Text(node)).Hash((int)JsonKind.Number);
            case JsonKind.Array:
                var elements = default(HashCode);
                elements.Add(JsonKind.Array);
                for (int child = node + 1; child < value.Next; child = tree[child].Next)
                {
                    elements.Add(Hash(tree, child));
                }

                return elements.ToHashCode();
            case JsonKind.Object:
                int members = 0;
                for (int key = node + 1; key < value.Next; key = tree[key + 1].Next)
                {
                    members += HashCode.Combine(TextHash(tree.Text(key)), Hash(tree, key + 1));
                }

                return HashCode.Combine(JsonKind.Object, members);
            default:
                return HashCode.Combine(value.Kind, TextHash(tree.Text(node)));
        }
    }

    /// <summary>Whether two values, of one tree or of two, are equal.</summary>
    public static bool AreEqual(JsonTree tree, int node, JsonTree otherTree, int otherNode)
    {
        JsonNode value = tree[node];
        JsonNode other = otherTree[otherNode];
        if (value.Kind != other.Kind || value.Count != other.Count)
        {
            return false;
        }

        return value.Kind switch
        {
            JsonKind.Number => ExactNumber.Compare(new ExactNumber(tree.Text(node)), new ExactNumber(otherTree.Text(otherNode))) == 0,
            JsonKind.Array => ElementsAreEqual(tree, node, otherTree, otherNode),
            JsonKind.Object => MembersAreEqual(tree, node, otherTree, otherNode),
            _ => tree.Text(node).SequenceEqual(otherTree.Text(otherNode)),
        };
    }

    private static bool ElementsAreEqual(JsonTree tree, int node, JsonTree otherTree, int otherNode)
    {
        int other = otherNode + 1;
        for (int child = node + 1; child < tree[node].Next; child = tree[child].Next)
        {
            if (!AreEqual(tree, child, otherTree, other))
            {
                return false;
            }

            other = otherTree[other].Next;
        }

        return true;
    }

    private static bool MembersAreEqual(JsonTree tree, int node, JsonTree otherTree, int otherNode)
    {
        int count = tree[node].Count;
        int[] keys = SortedKeys(tree, node, count);
        int[] otherKeys = SortedKeys(otherTree, otherNode, count);
        try
        {
            for (int i = 0; i < count; i++)
            {
                if (!tree.Text(keys[i]).SequenceEqual(otherTree.Text(otherKeys[i])) || !AreEqual(tree, keys[i] + 1, otherTree, otherKeys[i] + 1))
                {
                    return false;
                }
            }

            return true;
        }
        finally
        {
            ArrayPool<int>.Shared.Return(keys);
            ArrayPool<int>.Shared.Return(otherKeys);
        }
    }

    // Sorted, because looking for each key of one object in the other takes the square of their number.
    private static int[] SortedKeys(JsonTree tree, int node, int count)
    {
        int[] keys = ArrayPool<int>.Shared.Rent(count);
        int end = 0;
        for (int key = node + 1; key < tree[node].Next; key = tree[key + 1].Next)
        {
            keys[end++] = key;
        }

        keys.AsSpan(0, count).Sort(new ByKey(tree));
        return keys;
    }

    // The hash of strings is keyed; that of numbers and bytes is not made for hostile input.
    private static int TextHash(ReadOnlySpan<byte> text)
    {
        int hash = string.GetHashCode(MemoryMarshal.Cast<byte, char>(text), StringComparison.Ordinal);
        return (text.Length & 1) == 0 ? hash : HashCode.Combine(hash, text[^1]);
    }

    private readonly struct ByKey(JsonTree tree) : IComparer<int>
    {
        public int Compare(int x, int y) => tree.Text(x).SequenceCompareTo(tree.Text(y));
    }
}
