using System.Runtime.InteropServices;
using Carillon.Diagnostics;
using Carillon.Messages;
using Carillon.Topics;
using Carillon.Topics.Filters;

namespace Carillon.Deliveries;

/// <summary>
/// Consecutive messages of one topic on their way to its subscribers, encoded at most once per wire format however many subscribers ask.
/// </summary>
/// <remarks>Belongs to the fan-out loop, which reuses it: valid only during <see cref="ISubscriber.TryDeliver"/>, on that thread.</remarks>
public sealed class Delivery
{
    // More wire formats than protocols exist would be formats made per subscriber; they must not pile up.
    private const int MaxRememberedFormats = 64;

    private readonly HubFaults? _faults;
    private readonly Dictionary<object, EncodedMessages> _byFormat = new(ReferenceEqualityComparer.Instance);
    private readonly List<Message> _messages = [];
    private EncodedMessages? _lastUsed;
    private readonly Dictionary<SubscriptionFilter, Delivery?> _selections = [];
    private readonly List<HashSet<string>> _words = [];
    private readonly List<int> _places = []; // of the messages in the whole delivery, in one that is a selection
    private readonly HashSet<string> _anyWords = new(StringComparer.Ordinal); // of all the messages
    private readonly List<bool> _marks = []; // only within one call
    private Delivery? _whole;
    private int _generation;

    /// <summary>An empty one.</summary>
    /// <param name="faults">Takes those of filters; null for one in which nothing is filtered.</param>
    internal Delivery(HubFaults? faults = null) => _faults = faults;

    /// <summary>The messages, in offset order.</summary>
    public ReadOnlySpan<Message> Messages => CollectionsMarshal.AsSpan(_messages);

    /// <summary>The messages in a wire format, in the same order; encoded at the first call.</summary>
    public ReadOnlySpan<TFrame> FramesFor<TFrame>(IWireFormat<TFrame> format)
        where TFrame : class
    {
        ArgumentNullException.ThrowIfNull(format);

        var encoded = (EncodedMessages<TFrame>)(FindKnown(format) ?? Remember(new EncodedMessages<TFrame>(format)));
        if (encoded.Generation != _generation)
        {
            encoded.Encode(this, format);
            encoded.Generation = _generation;
        }

        return encoded.Frames;
    }

    /// <summary>All the messages as one frame of a wire format; encoded at the first call. There must be at least one.</summary>
    public TFrame FrameFor<TFrame>(IPackedWireFormat<TFrame> format)
        where TFrame : class
    {
        ArgumentNullException.ThrowIfNull(format);
        var packed = (PackedMessages<TFrame>)(FindKnown(format) ?? Remember(new PackedMessages<TFrame>(format)));
        if (packed.Frame is null || packed.Generation != _generation)
        {
            packed.Frame = format.Encode(Messages);
            packed.Generation = _generation;
        }

        return packed.Frame;
    }

    /// <summary>
    /// The messages that a filter selects, null for none; found out once for all subscriptions with the same filter, and sharing the encoded frames of the whole.
    /// </summary>
    internal Delivery? Select(SubscriptionFilter filter, IReadOnlyList<ITopicFilter> topicFilters)
    {
        FindWords(topicFilters);
        if (!_anyWords.Contains(filter.Words[0]))
        {
            return null; // Most filters of a topic with many: nothing is kept for them.
        }

        if (_selections.TryGetValue(filter, out Delivery? known))
        {
            return known;
        }

        Delivery? selection = null;
        for (int i = 0; i < _messages.Count; i++)
        {
            if (filter.Selects(_words[i]))
            {
                (selection ??= new Delivery { _whole = this }).Take(i);
            }
        }

        _selections.Add(filter, selection);
        return selection;
    }

    /// <summary>The messages that one of a subscriber's shares selects and that are not taken yet, null for none; from then on they are.</summary>
    internal Delivery? Select(ReadOnlySpan<Share> shares, ISubscriber subscriber, Span<bool> taken, LiveTopic topic, bool asksHeld)
    {
        int count = 0;
        for (int i = 0; i < _messages.Count; i++)
        {
            _marks.Add(!taken[i] && IsIn(i, shares, subscriber, topic, asksHeld));
            taken[i] |= _marks[i];
            count += _marks[i] ? 1 : 0;
        }

        Delivery? selection = count == 0 ? null : count == _messages.Count ? this : new Delivery { _whole = this };
        for (int i = 0; i < _messages.Count && selection is not null && selection != this; i++)
        {
            if (_marks[i])
            {
                selection.Take(i);
            }
        }

        _marks.Clear();
        return selection;
    }

    /// <summary>Whether a filter, null for none, selects one of the messages.</summary>
    internal bool IsSelected(int index, SubscriptionFilter? filter, IReadOnlyList<ITopicFilter> topicFilters)
    {
        if (filter is null)
        {
            return true;
        }

        FindWords(topicFilters);
        return filter.Selects(_words[index]);
    }

    internal void Load(ReadOnlySpan<Message> messages)
    {
        _generation++;
        _selections.Clear();
        _words.Clear();
        _anyWords.Clear();
        _messages.Clear();
        _messages.AddRange(messages);
    }

    /// <summary>Lets go of messages and frames, so that an idle hub keeps none alive.</summary>
    internal void Clear()
    {
        _generation++;
        _selections.Clear();
        _words.Clear();
        _anyWords.Clear();
        _messages.Clear();
        _byFormat.Clear();
        _lastUsed = null;
    }

    private void Take(int index)
    {
        _messages.Add(_whole!._messages[index]);
        _places.Add(index);
    }

    private bool IsIn(int index, ReadOnlySpan<Share> shares, ISubscriber subscriber, LiveTopic topic, bool asksHeld)
    {
        foreach (Share share in shares)
        {
            if (ReferenceEquals(share.Owner.Subscriber, subscriber) && (asksHeld || !share.Owner.IsHeld) && _messages[index].Offset > share.After
                && IsSelected(index, share.Filter, topic.Composition.Filters) && share.Owner.MayTake(topic))
            {
                return true;
            }
        }

        return false;
    }

    private void FindWords(IReadOnlyList<ITopicFilter> filters)
    {
        for (int i = _words.Count; i < _messages.Count; i++)
        {
            var words = new HashSet<string>(StringComparer.Ordinal);
            try
            {
                foreach (ITopicFilter filter in filters)
                {
                    filter.AddWords(_messages[i], words);
                }
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                words.Clear(); // A filter of the application's must not end the hub's fan-out.
                _faults?.Report(HubPart.Filters, _messages[i].Topic, fault);
            }

            _words.Add(words);
            _anyWords.UnionWith(words);
        }
    }

    // Neighbours in a subscriber list mostly share a format, so the last one is tried before the map.
    private EncodedMessages? FindKnown(object format)
    {
        if (_lastUsed is { } last && ReferenceEquals(last.Format, format))
        {
            return last;
        }

        return _byFormat.TryGetValue(format, out EncodedMessages? known) ? _lastUsed = known : null;
    }

    private EncodedMessages Remember(EncodedMessages added)
    {
        if (_byFormat.Count == MaxRememberedFormats)
        {
            _byFormat.Clear();
        }

        _byFormat.Add(added.Format, added);
        return _lastUsed = added;
    }

    private abstract class EncodedMessages(object format)
    {
        public object Format { get; } = format;

        public int Generation { get; set; } = -1; // That of no delivery: nothing is encoded yet.
    }

    private sealed class PackedMessages<TFrame>(object format) : EncodedMessages(format)
        where TFrame : class
    {
        public TFrame? Frame { get; set; }
    }

    private sealed class EncodedMessages<TFrame>(IWireFormat<TFrame> format) : EncodedMessages(format)
        where TFrame : class
    {
        private TFrame[] _frames = [];
        private int _count;

        public ReadOnlySpan<TFrame> Frames => _frames.AsSpan(0, _count);

        public void Encode(Delivery delivery, IWireFormat<TFrame> wireFormat)
        {
            ReadOnlySpan<Message> messages = delivery.Messages;
            if (_frames.Length < messages.Length)
            {
                _frames = new TFrame[Math.Max(messages.Length, 2 * _frames.Length)];
            }

            ReadOnlySpan<TFrame> shared = delivery._whole is { } whole && messages.Length > 0 ? whole.FramesFor(wireFormat) : [];
            for (int i = 0; i < messages.Length; i++)
            {
                _frames[i] = delivery._whole is null ? wireFormat.Encode(messages[i]) : shared[delivery._places[i]];
            }

            _count = messages.Length;
        }
    }
}
