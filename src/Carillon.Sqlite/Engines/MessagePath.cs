namespace Carillon.Sqlite.Engines;

/// <summary>The index that a query for messages walks.</summary>
internal enum MessagePath
{
    /// <summary>The table itself, by id.</summary>
    All,

    /// <summary>By topic and offset.</summary>
    Topic,

    /// <summary>By producer.</summary>
    Producer,

    /// <summary>By topic and producer.</summary>
    TopicProducer,

    /// <summary>By message id; the few rows of one id are sorted.</summary>
    MessageId,

    /// <summary>By message id and topic.</summary>
    MessageIdTopic,
}
