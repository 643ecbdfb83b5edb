using System.Buffers;
using Carillon.Specs.Values;

namespace Carillon.Specs.Schemas.Keywords;

/// <summary><c>uniqueItems</c>: hashes are sorted and only neighbours with the same one compared, so that many items do not cost their square.</summary>
internal sealed class UniqueItemsKeyword : SchemaKeyword
{
    public override JsonTypes Concerns => JsonTypes.Array;

    public override bool Check(Validation validation, int node, bool report)
    {
        JsonTree tree = validation.Tree;
        int count = tree[node].Count;
        if (count < 2)
        {
            return true;
        }

        int[] hashes = ArrayPool<int>.Shared.Rent(count);
        int[] items = ArrayPool<int>.Shared.Rent(count);
        try
        {
            int end = 0;
            for (int item = node + 1; item < tree[node].Next; item = tree[item].Next)
            {
                Charge(validation, item);
                hashes[end] = JsonEquality.Hash(tree, item);
                items[end++] = item;
            }

            hashes.AsSpan(0, count).Sort(items.AsSpan(0, count));
            int duplicate = FindDuplicate(validation, hashes.AsSpan(0, count), items);
            return duplicate < 0 || validation.Refuse(duplicate, report, "must not be equal to another item of the same array");
        }
        finally
        {
            ArrayPool<int>.Shared.Return(hashes);
            ArrayPool<int>.Shared.Return(items);
        }
    }

    private static int FindDuplicate(Validation validation, ReadOnlySpan<int> hashes, int[] items)
    {
        for (int i = 1; i < hashes.Length; i++)
        {
            for (int other = i - 1; other >= 0 && hashes[other] == hashes[i]; other--)
            {
                Charge(validation, items[i]);
                if (JsonEquality.AreEqual(validation.Tree, items[i], validation.Tree, items[other]))
                {
                    return Math.Max(items[i], items[other]);
                }
            }
        }

        return -1;
    }

    private static void Charge(Validation validation, int item)
    {
        JsonNode node = validation.Tree[item];
        validation.Charge(node.Next - item + (node.Length / 16));
    }
}
