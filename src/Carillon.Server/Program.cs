using System.CommandLine;
using Carillon.Server.Serving;

var root = new RootCommand("Carillon: one pub/sub server for Socket.IO clients and HTTP publishers")
{
    ServeCommand.Create(),
    SchemaCommand.Create(),
};

ParseResult parsed = root.Parse(args);

// The host handles SIGTERM and Ctrl+C and takes the time it needs; the library would end the process after two seconds.
int exitCode = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
return parsed.Errors.Count > 0 ? ServeCommand.WrongSettings : exitCode;
