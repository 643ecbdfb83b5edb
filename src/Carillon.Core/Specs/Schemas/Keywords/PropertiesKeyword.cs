using Carillon.Specs.Values;

namespace Carillon.Specs.Schemas.Keywords;

/// <summary><c>properties</c>, <c>required</c>, <c>patternProperties</c> and <c>additionalProperties</c>, in one pass over the members.</summary>
/// <param name="known">Names that stand in <c>properties</c> or <c>required</c>.</param>
/// <param name="properties">For each of them what stands in the schema.</param>
/// <param name="patterns">The schemas of members whose name holds a match.</param>
/// <param name="additional">The schema of members that nothing else speaks of; null when they may be anything.</param>
internal sealed class PropertiesKeyword(NameTable known, PropertyRule[] properties, PatternRule[] patterns, Schema? additional) : SchemaKeyword
{
    private readonly int _required = properties.Count(property => property.IsRequired);

    public override JsonTypes Concerns => JsonTypes.Object;

    public override bool Check(Validation validation, int node, bool report)
    {
        JsonTree tree = validation.Tree;
        int end = tree[node].Next;
        int found = 0;
        for (int key = node + 1; key < end; key = tree[key + 1].Next)
        {
            int index = known.Find(tree.Text(key));
            found += index >= 0 && properties[index].IsRequired ? 1 : 0;
            if (!CheckMember(validation, key, index < 0 ? null : properties[index].Schema, report))
            {
                return false;
            }
        }

        // No key stands twice, so counting them is enough.
        validation.Charge(tree[node].Count / 8);
        return found == _required || RefuseMissing(validation, node, report);
    }

    private bool CheckMember(Validation validation, int key, Schema? schema, bool report)
    {
        bool isKnown = schema is not null;
        if (isKnown && !validation.Check(schema!, key + 1, report))
        {
            return false;
        }

        foreach (PatternRule rule in patterns)
        {
            if (rule.Pattern.IsMatch(validation.Chars(key)))
            {
                isKnown = true;
                if (!validation.Check(rule.Schema, key + 1, report))
                {
                    return false;
                }
            }
        }

        return isKnown || additional is null || validation.Check(additional, key + 1, report);
    }

    private bool RefuseMissing(Validation validation, int node, bool report)
    {
        if (report)
        {
            JsonTree tree = validation.Tree;
            var present = new HashSet<int>();
            for (int key = node + 1; key < tree[node].Next; key = tree[key + 1].Next)
            {
                present.Add(known.Find(tree.Text(key)));
            }

            int missing = Enumerable.Range(0, known.Count).First(index => properties[index].IsRequired && !present.Contains(index));
            validation.Refuse(ValuePath.Member(ValuePath.Of(tree, node), known[missing]), "is missing");
        }

        return false;
    }
}
