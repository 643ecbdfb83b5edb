using System.Net;
using Carillon.Bench.Linux;

namespace Carillon.Bench.Wire;

/// <summary>How a subscriber of one topic connects and receives. The same load runs over each.</summary>
internal interface ITopicProtocol
{
    /// <summary>As shown in the table.</summary>
    string Name { get; }

    /// <summary>Makes the subscribers of one topic: called with where to connect, then for each with its number and what to call for its messages.</summary>
    Func<IPEndPoint, int, MessageDelivered, Link> To(string topic);
}
