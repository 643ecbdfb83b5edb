using Carillon.SocketIO.Packets;

namespace Carillon.SocketIO;

/// <summary>An event that another node's server sent to this one, not to sockets.</summary>
public sealed class ServerEvent
{
    private readonly byte[] _data;
    private readonly JsonSlice[] _elements;
    private readonly ReadOnlyMemory<byte>[] _attachments;

    internal ServerEvent(SocketNamespace target, byte[] data, JsonSlice[] elements, ReadOnlyMemory<byte>[] attachments)
    {
        Namespace = target;
        _data = data;
        _elements = elements;
        _attachments = attachments;
    }

    /// <summary>The namespace it was sent to.</summary>
    public SocketNamespace Namespace { get; }

    /// <summary>How many arguments follow the name.</summary>
    public int ArgumentCount => _elements.Length - 1;

    internal byte[]? Answer { get; private set; }

    /// <summary>The argument at <paramref name="index"/>; one that is missing counts as <c>null</c>. Throws a <see cref="System.Text.Json.JsonException"/> if it is no <typeparamref name="T"/>.</summary>
    public T GetArgument<T>(int index) => Namespace.Json.Read<T>(
        index < ArgumentCount ? _data.AsSpan(_elements[index + 1].Start, _elements[index + 1].Length) : "null"u8, _attachments)!;

    /// <summary>Sets what the sender gets from this node, where it asked for an answer. Binary values in it become base64 text.</summary>
    public void Reply(object? value) => Answer = Namespace.Json.ToUtf8(value);
}
