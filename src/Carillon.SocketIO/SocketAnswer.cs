using Carillon.SocketIO.Acknowledgements;
using Carillon.SocketIO.Json;
using Carillon.SocketIO.Packets;

namespace Carillon.SocketIO;

/// <summary>
/// A client's whole acknowledgement, for those who need more than its first argument: ask for it by <c>EmitWithAckAsync&lt;SocketAnswer&gt;</c>. Immutable.
/// </summary>
public sealed class SocketAnswer
{
    private readonly SocketJson _serializer;
    private readonly AnswerSource _source;
    private readonly byte[] _data;
    private readonly JsonSlice[] _arguments;
    private readonly ReadOnlyMemory<byte>[] _attachments;

    internal SocketAnswer(SocketJson serializer, AnswerSource source, ReadOnlySpan<byte> data, JsonSlice[] arguments, ReadOnlyMemory<byte>[] attachments)
    {
        _serializer = serializer;
        _source = source;
        _data = data.ToArray();
        _arguments = arguments;
        _attachments = attachments;
    }

    /// <summary>How many arguments there are.</summary>
    public int ArgumentCount => _arguments.Length;

    /// <summary>The binary attachments, in the order of their placeholders' numbers.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Attachments => _attachments;

    /// <summary>The argument at <paramref name="index"/>; one that is missing counts as <c>null</c>.</summary>
    /// <exception cref="SocketAnswerException">It is no <typeparamref name="T"/>.</exception>
    public T GetArgument<T>(int index) => AnswerReader.Read<T>(_serializer, _source, index, _data, _arguments, _attachments);
}
