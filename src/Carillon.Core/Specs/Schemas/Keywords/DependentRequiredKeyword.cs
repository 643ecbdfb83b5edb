using System.Buffers;
using Carillon.Specs.Values;

namespace Carillon.Specs.Schemas.Keywords;

/// <summary><c>dependentRequired</c>: where one member is, others must be too.</summary>
/// <param name="names">All names that it speaks of.</param>
/// <param name="dependencies">Pairs of indexes among them: the member, and one that it needs.</param>
internal sealed class DependentRequiredKeyword(NameTable names, (int Member, int Needs)[] dependencies) : SchemaKeyword
{
    public override JsonTypes Concerns => JsonTypes.Object;

    public override bool Check(Validation validation, int node, bool report)
    {
        JsonTree tree = validation.Tree;
        bool[]? rented = names.Count > 256 ? ArrayPool<bool>.Shared.Rent(names.Count) : null;
        Span<bool> present = rented ?? stackalloc bool[256];
        present.Clear();
        for (int key = node + 1; key < tree[node].Next; key = tree[key + 1].Next)
        {
            if (names.Find(tree.Text(key)) is >= 0 and int index)
            {
                present[index] = true;
            }
        }

        validation.Charge((tree[node].Count / 8) + (dependencies.Length / 16));
        bool fits = true;
        foreach ((int member, int needs) in dependencies)
        {
            if (present[member] && !present[needs])
            {
                fits = false;
                Report(validation, node, needs, member, report);
                break;
            }
        }

        if (rented is not null)
        {
            ArrayPool<bool>.Shared.Return(rented);
        }

        return fits;
    }

    private void Report(Validation validation, int node, int needs, int member, bool report)
    {
        if (report)
        {
            validation.Refuse(ValuePath.Member(ValuePath.Of(validation.Tree, node), names[needs]), $"is missing; it is needed beside '{ValuePath.Printable(names[member])}'");
        }
    }
}
