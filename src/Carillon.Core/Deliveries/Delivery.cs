using System.Runtime.InteropServices;
using Carillon.Messages;

namespace Carillon.Deliveries;

/// <summary>
/// Consecutive messages of one topic on their way to its subscribers, encoded at most once per wire format however many subscribers ask.
/// </summary>
/// <remarks>Belongs to the fan-out loop, which reuses it: valid only during <see cref="ISubscriber.TryDeliver"/>, on that thread.</remarks>
public sealed class Delivery
{
    // More wire formats than protocols exist would be formats made per subscriber; they must not pile up.
    private const int MaxRememberedFormats = 64;

    private readonly Dictionary<object, EncodedMessages> _byFormat = new(ReferenceEqualityComparer.Instance);
    private readonly List<Message> _messages = [];
    private EncodedMessages? _lastUsed;
    private int _generation;

    /// <summary>The messages, in offset order.</summary>
    public ReadOnlySpan<Message> Messages => CollectionsMarshal.AsSpan(_messages);

    /// <summary>The messages in a wire format, in the same order; encoded at the first call.</summary>
    public ReadOnlySpan<TFrame> FramesFor<TFrame>(IWireFormat<TFrame> format)
        where TFrame : class
    {
        ArgumentNullException.ThrowIfNull(format);

        // Neighbours in a subscriber list mostly share a format, so the last one is tried before the map.
        EncodedMessages? known = _lastUsed;
        if (known is null || !ReferenceEquals(known.Format, format))
        {
            known = Remember(format);
            _lastUsed = known;
        }

        var encoded = (EncodedMessages<TFrame>)known;
        if (encoded.Generation != _generation)
        {
            encoded.Encode(Messages, format);
            encoded.Generation = _generation;
        }

        return encoded.Frames;
    }

    internal void Load(ReadOnlySpan<Message> messages)
    {
        _generation++;
        _messages.Clear();
        _messages.AddRange(messages);
    }

    /// <summary>Lets go of messages and frames, so that an idle hub keeps none alive.</summary>
    internal void Clear()
    {
        _generation++;
        _messages.Clear();
        _byFormat.Clear();
        _lastUsed = null;
    }

    private EncodedMessages Remember<TFrame>(IWireFormat<TFrame> format)
        where TFrame : class
    {
        if (!_byFormat.TryGetValue(format, out EncodedMessages? known))
        {
            if (_byFormat.Count == MaxRememberedFormats)
            {
                _byFormat.Clear();
            }

            known = new EncodedMessages<TFrame>(format);
            _byFormat.Add(format, known);
        }

        return known;
    }

    private abstract class EncodedMessages(object format)
    {
        public object Format { get; } = format;

        public int Generation { get; set; }
    }

    private sealed class EncodedMessages<TFrame>(IWireFormat<TFrame> format) : EncodedMessages(format)
        where TFrame : class
    {
        private TFrame[] _frames = [];
        private int _count;

        public ReadOnlySpan<TFrame> Frames => _frames.AsSpan(0, _count);

        public void Encode(ReadOnlySpan<Message> messages, IWireFormat<TFrame> wireFormat)
        {
            if (_frames.Length < messages.Length)
            {
                _frames = new TFrame[Math.Max(messages.Length, 2 * _frames.Length)];
            }

            for (int i = 0; i < messages.Length; i++)
            {
                _frames[i] = wireFormat.Encode(messages[i]);
            }

            _count = messages.Length;
        }
    }
}
