using System.CommandLine;
using Carillon.Server.Serving;

var root = new RootCommand("Carillon: one pub/sub server for Socket.IO clients and HTTP publishers")
{
    ServeCommand.Create(),
};

return await root.Parse(args).InvokeAsync();
