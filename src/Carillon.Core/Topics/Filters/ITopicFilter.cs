using Carillon.Messages;

namespace Carillon.Topics.Filters;

/// <summary>
/// Tells by which words subscribers of a topic can select a message: a subscription <c>topic.word1.word2</c> gets the messages that carry both.
/// </summary>
/// <remarks>Thread-safe. Depends on the message alone, as messages are filtered again when they are read from history. Never blocks; a message whose filter throws carries no words.</remarks>
public interface ITopicFilter
{
    /// <summary>Adds the words that <paramref name="message"/> carries. A word without the separator <c>.</c> is of use.</summary>
    void AddWords(Message message, ISet<string> words);
}
