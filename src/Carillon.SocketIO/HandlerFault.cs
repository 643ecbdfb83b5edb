namespace Carillon.SocketIO;

/// <summary>What came out of a handler of the application as an exception: the server's own fault, or a client's.</summary>
internal static class HandlerFault
{
    /// <summary>What the client is told whose packet was being handled.</summary>
    public static string TextFor(Exception error) => error switch
    {
        SocketArgumentException => error.Message,
        _ when IsMissingAnswer(error) => "no usable answer from a client that was asked",
        _ => "internal error",
    };

    /// <summary>A client that was asked for an acknowledgement, perhaps another one, gave none, or none that fits.</summary>
    public static bool IsMissingAnswer(Exception error) => error is SocketAnswerException or SocketDisconnectedException or SocketTimeoutException;
}
