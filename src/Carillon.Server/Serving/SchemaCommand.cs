using System.CommandLine;

namespace Carillon.Server.Serving;

/// <summary><c>carillon schema</c>.</summary>
internal static class SchemaCommand
{
    /// <summary>The name of the schema within the program.</summary>
    internal const string Resource = "carillon.schema.json";

    public static Command Create()
    {
        var command = new Command("schema", "Print the JSON Schema of the settings file, for editors");
        command.SetAction(async (_, cancellationToken) =>
        {
            await using Stream schema = typeof(SchemaCommand).Assembly.GetManifestResourceStream(Resource)!;
            await using Stream output = Console.OpenStandardOutput();
            await schema.CopyToAsync(output, cancellationToken);
        });
        return command;
    }
}
