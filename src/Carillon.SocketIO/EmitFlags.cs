using System.Runtime.InteropServices;

namespace Carillon.SocketIO;

/// <summary>How an event is sent.</summary>
/// <param name="IsVolatile">It may be dropped for sockets that cannot take it at once.</param>
/// <param name="IsLocal">It goes to this node's sockets only.</param>
/// <param name="IsUncompressed">Transports leave it uncompressed.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct EmitFlags(bool IsVolatile, bool IsLocal, bool IsUncompressed);
