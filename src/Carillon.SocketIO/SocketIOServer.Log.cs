using Microsoft.Extensions.Logging;

namespace Carillon.SocketIO;

public sealed partial class SocketIOServer
{
    /// <summary>
    /// A handler failed while a client's packet was handled, and <paramref name="isTold"/> says whether that client learns it. What clients did wrong is told in one line,
    /// without a stack: any of them could fill the log with it.
    /// </summary>
    internal void LogFault(Exception error, string handler, string namespaceName, bool isTold)
    {
        bool isRefusal = error is SocketArgumentException;
        if (!isRefusal && !HandlerFault.IsMissingAnswer(error))
        {
            LogHandlerFault(error, handler, namespaceName);
            return;
        }

        string who = Name(handler);
        string where = Name(namespaceName);
        string problem = Problem(error);
        if (isRefusal && isTold)
        {
            LogRefusalCore(who, where, problem);
        }
        else
        {
            LogGivenUpCore(who, where, problem);
        }
    }

    internal void LogHandlerFault(Exception error, string handler, string namespaceName) => LogHandlerFaultCore(error, Name(handler), Name(namespaceName));

    internal void LogUntoldData(Exception error, string key, string namespaceName) => LogUntoldDataCore(error, key, Name(namespaceName));

    // Clients choose names of families' namespaces and of events that only middleware sees, and what a problem quotes.
    private static string Name(string name) => LogText.Of(name, LogText.LongestName);

    private static string Problem(Exception error) => LogText.Of(error.Message, LogText.LongestProblem);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "The {Handler} handler of namespace {Namespace} failed")]
    private partial void LogHandlerFaultCore(Exception error, string handler, string @namespace);

    [LoggerMessage(EventId = 3, Level = LogLevel.Debug, Message = "The {Handler} handler of namespace {Namespace} refused a client: {Problem}")]
    private partial void LogRefusalCore(string handler, string @namespace, string problem);

    [LoggerMessage(EventId = 4, Level = LogLevel.Warning, Message = "The value {Key} of a socket's data in namespace {Namespace} cannot be serialized; other nodes see the socket without it")]
    private partial void LogUntoldDataCore(Exception error, string key, string @namespace);

    [LoggerMessage(EventId = 5, Level = LogLevel.Information, Message = "The {Handler} handler of namespace {Namespace} gave up: {Problem}")]
    private partial void LogGivenUpCore(string handler, string @namespace, string problem);
}
