using System.Runtime.InteropServices;

namespace Carillon.SocketIO.Packets;

/// <summary>Where a JSON value lies in a packet's data.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct JsonSlice(int Start, int Length);
