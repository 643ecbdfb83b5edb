using Carillon.Server.Settings.Reading;
using Microsoft.Extensions.Configuration;
using Shouldly;
using Xunit;

namespace Carillon.Server.Tests;

public sealed class SettingPlaceTests
{
    private static readonly byte[] Json = """
        {
          // a comment, as the configuration allows
          "Other": { "Carillon": { "Port": 1 } },
          "carillon": {
            "Topics": [
              { "Name": "a", "Tags": [1, [2]] },
              {
                "Name": "b"
              },
            ],
            "Port": 2,
          }
        }
        """u8.ToArray();

    [Theory]
    [InlineData("Carillon", 4)]
    [InlineData("Carillon:Topics:0:Name", 6)]
    [InlineData("Carillon:Topics:1", 7)]
    [InlineData("Carillon:Topics:1:name", 8)]
    [InlineData("Carillon:Port", 11)]
    [InlineData("Carillon:Topics:2", null)]
    [InlineData("Carillon:Topics:x", null)]
    [InlineData("Carillon:Port:x", null)]
    [InlineData("Carillon:Host", null)]
    public void Find_is_the_line_of_the_key_or_the_item(string key, int? line) => JsonKeyLines.Find(Json, key).ShouldBe(line);

    [Fact]
    public void Locate_tells_file_and_line_of_the_source_that_has_the_last_word()
    {
        string folder = Directory.CreateTempSubdirectory("carillon-places-").FullName;
        File.WriteAllBytes(Path.Combine(folder, "first.json"), Json);
        File.WriteAllText(Path.Combine(folder, "second.json"), """{"Carillon": {"Port": 3}}""");
        IConfigurationRoot configuration = new ConfigurationBuilder().SetBasePath(folder).AddJsonFile("first.json").AddJsonFile("second.json")
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Carillon:Host"] = "x" }).Build();
        var places = new SettingPlaces(configuration);

        places.Locate("Carillon:Port is odd").ShouldBe("second.json, line 1: Carillon:Port is odd");
        places.Locate("Carillon:Topics:0:Name is odd").ShouldBe("first.json, line 6: Carillon:Topics:0:Name is odd");
        places.Locate("Carillon:Topics:0:Missing is missing").ShouldBe("first.json, line 6: Carillon:Topics:0:Missing is missing");
        places.Locate("Carillon:Host is odd").ShouldBe("Carillon:Host is odd");
        places.Locate("Nothing is odd").ShouldBe("Nothing is odd");
        Directory.Delete(folder, recursive: true);
    }
}
