using Carillon.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.Hosting;

/// <summary>Logs what fails of that which the application composed its hubs of. The hub sees to it that this is not once a message.</summary>
internal static partial class HubFaultLog
{
    /// <summary>Begins to listen to <paramref name="mounted"/>.</summary>
    public static void Attach(MountedHub mounted, ILogger logger) => mounted.Hub.Faulted += (_, fault) =>
    {
        string consequence = ConsequenceOf(fault.Part);
        if (fault.Topic is { } topic)
        {
            TopicFaulted(logger, fault.Exception, mounted.Name, topic.Value, fault.Part, consequence);
        }
        else
        {
            Faulted(logger, fault.Exception, mounted.Name, fault.Part, consequence);
        }
    };

    private static string ConsequenceOf(HubPart part) => part switch
    {
        HubPart.Publishers or HubPart.Spec or HubPart.AppendedFields => "the publish was refused",
        HubPart.Subscribers => "the subscription was refused",
        HubPart.Monitors => "the monitor was refused",
        HubPart.History => "the subscription was ended",
        HubPart.Filters => "nobody who selects by words gets the message",
        HubPart.Delivery => "the subscription was ended",
        HubPart.Observer => "the observer missed something",
        HubPart.Tokens => "the token counts as revoked",
        _ => "the client was let be",
    };

    [LoggerMessage(1, LogLevel.Error, "Hub '{Hub}', topic '{Topic}': {Part} failed; {Consequence}. The same is not logged again for a minute")]
    private static partial void TopicFaulted(ILogger logger, Exception fault, string hub, string topic, HubPart part, string consequence);

    [LoggerMessage(2, LogLevel.Error, "Hub '{Hub}': {Part} failed; {Consequence}. The same is not logged again for a minute")]
    private static partial void Faulted(ILogger logger, Exception fault, string hub, HubPart part, string consequence);
}
