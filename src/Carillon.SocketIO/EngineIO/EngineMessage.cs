using System.Runtime.InteropServices;
using System.Text;

namespace Carillon.SocketIO.EngineIO;

/// <summary>One message of a client.</summary>
/// <param name="Data">The bytes, valid until the handler's task completes; text was checked to be UTF-8.</param>
/// <param name="IsBinary">Whether the client sent bytes rather than text.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct EngineMessage(ReadOnlyMemory<byte> Data, bool IsBinary)
{
    /// <summary>The text of a text message.</summary>
    /// <exception cref="InvalidOperationException">The message is binary.</exception>
    public string GetText() => IsBinary ? throw new InvalidOperationException("The message is binary.") : Encoding.UTF8.GetString(Data.Span);
}
