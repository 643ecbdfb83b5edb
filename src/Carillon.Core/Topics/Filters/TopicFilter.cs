using Carillon.Messages;

namespace Carillon.Topics.Filters;

/// <summary>The filters that ship.</summary>
public static class TopicFilter
{
    /// <summary>A message carries the identities of its publisher.</summary>
    public static ITopicFilter PublisherIdentity { get; } = new CustomFilter(static message => message.Publisher);

    /// <summary>A message carries what <paramref name="words"/> makes of it.</summary>
    public static ITopicFilter Custom(Func<Message, IEnumerable<string>> words) => new CustomFilter(words);

    private sealed class CustomFilter(Func<Message, IEnumerable<string>> wordsOf) : ITopicFilter
    {
        public void AddWords(Message message, ISet<string> words) => words.UnionWith(wordsOf(message));
    }
}
