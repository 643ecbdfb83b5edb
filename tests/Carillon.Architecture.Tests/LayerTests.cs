using Shouldly;
using Xunit;

namespace Carillon.Architecture.Tests;

public sealed class LayerTests
{
    /// <summary>docs/architecture.md, "Layers": what each library may refer to. A library that is not here must be added to both.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Carillon.Core"] = [],
        ["Carillon.Connections"] = [],
        ["Carillon.SocketIO"] = ["Carillon.Connections"],
        ["Carillon.Sqlite"] = ["Carillon.Core"],
        ["Carillon.AspNetCore"] = ["Carillon.Core", "Carillon.Connections", "Carillon.SocketIO"],
        ["Carillon.Server"] = ["Carillon.Core", "Carillon.Connections", "Carillon.SocketIO", "Carillon.Sqlite", "Carillon.AspNetCore"],
    };

    [Fact]
    public void Libraries_refer_only_to_what_their_layer_may()
    {
        foreach ((string library, string[] references) in Repository.Arrows())
        {
            Allowed.ShouldContainKey(library);
            references.ShouldBeSubsetOf(Allowed[library], $"{library} refers to more than docs/architecture.md allows");
        }
    }

    [Fact]
    public void The_core_knows_no_web_and_no_database()
    {
        string[] foreign = ["Microsoft.AspNetCore", "Microsoft.Data", "SQLitePCL", "System.Net"];
        IEnumerable<string> users = Repository.Sources("src/Carillon.Core")
            .Where(file => File.ReadLines(file).Any(line => foreign.Any(name => line.StartsWith($"using {name}", StringComparison.Ordinal))))
            .Select(Repository.Relative);

        users.ShouldBeEmpty();
    }
}
