using System.Runtime.InteropServices;

namespace Carillon.SocketIO.Recovery;

/// <summary>A session in memory: where it is kept, and the timestamp since when.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct KeptSession(MemoryRecoveryStore Store, RecoverableSession Session, long Since);
