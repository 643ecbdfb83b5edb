using System.Runtime.InteropServices;

namespace Carillon.SocketIO.Rooms;

/// <summary>Which sockets of a namespace are meant. Every socket is also in a room of its own, named by its id.</summary>
/// <param name="Rooms">Sockets in any of these rooms; all of the namespace if there is none.</param>
/// <param name="Except">But not those in any of these.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Audience(string[] Rooms, string[] Except)
{
    public static readonly Audience Everyone = new([], []);
}
