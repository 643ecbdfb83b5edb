using System.Text;
using System.Text.Encodings.Web;

namespace Carillon.AspNetCore.Commands;

/// <summary>
/// Escapes what JSON must (RFC 8259 §7: quotation mark, reverse solidus, control characters) and nothing else. The framework's encoders also escape every
/// character beyond the Basic Multilingual Plane, so that a topic named with an emoji would not stand in an answer as it was typed.
/// </summary>
/// <remarks>Text is Unicode without halves of surrogate pairs: names are checked when they come in, and what is not is replaced. Thread-safe.</remarks>
internal sealed unsafe class MinimalJsonEncoder : JavaScriptEncoder
{
    public static readonly MinimalJsonEncoder Instance = new();

    private MinimalJsonEncoder()
    {
    }

    public override int MaxOutputCharactersPerInputCharacter => UnsafeRelaxedJsonEscaping.MaxOutputCharactersPerInputCharacter;

    public override bool WillEncode(int unicodeScalar) => unicodeScalar is < 0x20 or '"' or '\\';

    public override int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var span = new ReadOnlySpan<char>(text, textLength);
        for (int i = 0; i < span.Length; i++)
        {
            if (WillEncode(span[i]))
            {
                return i;
            }

            if (char.IsSurrogate(span[i]))
            {
                if (Rune.DecodeFromUtf16(span[i..], out _, out int consumed) != System.Buffers.OperationStatus.Done)
                {
                    return i;
                }

                i += consumed - 1;
            }
        }

        return -1;
    }

    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten) =>
        UnsafeRelaxedJsonEscaping.TryEncodeUnicodeScalar(unicodeScalar, buffer, bufferLength, out numberOfCharactersWritten);
}
