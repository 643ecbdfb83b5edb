using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Carillon.Topics;

namespace Carillon.AspNetCore.Http;

/// <summary>
/// Places in a list of names, for clients that may not see each name in it: encrypted, all of one length, and good as long as the process lives. Thread-safe.
/// </summary>
internal sealed class HiddenPlace
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int TextBytes = 1 + Identifier.MaxBytes; // Its length comes first.

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(16);

    /// <summary>Hides a name.</summary>
    public string Hide(TopicName name)
    {
        Span<byte> text = stackalloc byte[TextBytes];
        text.Clear();
        text[0] = (byte)Encoding.UTF8.GetBytes(name.Value, text[1..]);
        Span<byte> place = stackalloc byte[NonceBytes + TextBytes + TagBytes];
        RandomNumberGenerator.Fill(place[..NonceBytes]);
        using var cipher = new AesGcm(_key, TagBytes);
        cipher.Encrypt(place[..NonceBytes], text, place.Slice(NonceBytes, TextBytes), place[^TagBytes..]);
        return Base64Url.EncodeToString(place);
    }

    /// <summary>The name that was hidden here; false for any other text.</summary>
    public bool TryRead(string place, [NotNullWhen(true)] out string? name)
    {
        name = null;
        Span<byte> bytes = stackalloc byte[NonceBytes + TextBytes + TagBytes];
        if (place.Length != Base64Url.GetEncodedLength(bytes.Length) || !Base64Url.TryDecodeFromChars(place, bytes, out int written) || written != bytes.Length)
        {
            return false;
        }

        Span<byte> text = stackalloc byte[TextBytes];
        using var cipher = new AesGcm(_key, TagBytes);
        try
        {
            cipher.Decrypt(bytes[..NonceBytes], bytes.Slice(NonceBytes, TextBytes), bytes[^TagBytes..], text);
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        name = Encoding.UTF8.GetString(text.Slice(1, text[0]));
        return true;
    }
}
