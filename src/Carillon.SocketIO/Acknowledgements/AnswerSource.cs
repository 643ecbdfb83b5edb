using System.Runtime.InteropServices;

namespace Carillon.SocketIO.Acknowledgements;

/// <summary>Which socket answered which event.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AnswerSource(string EventName, string SocketId);
