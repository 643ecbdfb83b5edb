using System.Text;
using Carillon.Server.Composing;
using Carillon.Server.Settings;
using Microsoft.Extensions.Configuration;
using Shouldly;
using Xunit;

namespace Carillon.Server.Tests;

public sealed class GuideTests
{
    [Fact]
    public void Every_example_is_taken_by_the_program()
    {
        foreach (string example in Guide.Examples())
        {
            using var json = new MemoryStream(Encoding.UTF8.GetBytes(example));
            (ServerSettings? settings, IReadOnlyList<string> problems) = SettingsReader.Read(new ConfigurationBuilder().AddJsonStream(json).Build());

            problems.ShouldBeEmpty(example);
            ServerPlan.Create(settings!).Problems.ShouldBeEmpty(example);
        }
    }

    [Fact]
    public void Every_setting_is_told()
    {
        var untold = new List<string>();
        Walk(typeof(ServerSettings), []);

        untold.ShouldBeEmpty();

        void Walk(Type type, HashSet<Type> seen)
        {
            if (!seen.Add(type))
            {
                return;
            }

            foreach (var setting in SettingForms.SettingsOf(type))
            {
                // Settings of tokens are in the guide to authentication, which has a table of its own.
                Type item = SettingForms.ItemOf(setting.PropertyType) ?? setting.PropertyType;
                if (type.Namespace!.StartsWith(typeof(ServerSettings).Namespace!, StringComparison.Ordinal) && !Guide.Mentions(setting.Name))
                {
                    untold.Add($"{type.Name}.{setting.Name}");
                }

                if (SettingForms.IsSettings(item))
                {
                    Walk(item, seen);
                }
            }
        }
    }
}
