using Carillon.Connections;
using Carillon.SocketIO.Packets;

namespace Carillon.SocketIO.Acknowledgements;

/// <summary>Sends one event that asks many sockets for an answer. All of them get the same bytes, with the same number.</summary>
internal static class BroadcastQuestion<T>
{
    public static async Task<BroadcastAnswers<T>> AskAsync(
        BroadcastEmitter emitter, string eventName, object?[] arguments, TimeSpan timeout, CancellationToken cancellation)
    {
        SocketNamespace target = emitter.Target;
        long id = target.NextAcknowledgementId();
        Frame[] frames = Encode(emitter, eventName, arguments, id);
        List<Socket> sockets = emitter.Collect();
        var answers = new BroadcastAcknowledgement<T>(target.Server.ArgumentsJson, sockets);
        try
        {
            Ask(sockets, id, answers, frames, emitter.Flags.IsVolatile);
            await answers.Completion.WaitAsync(timeout, target.Server.Time, cancellation);
        }
        catch (TimeoutException)
        {
            // Who is missing is the answer.
        }
        finally
        {
            foreach (Socket socket in sockets)
            {
                socket.Forget(id);
            }
        }

        return answers.Collect();
    }

    private static Frame[] Encode(BroadcastEmitter emitter, string eventName, object?[] arguments, long id)
    {
        using PayloadWriter writer = PayloadWriter.BeginEvent(emitter.Json, eventName);
        writer.AddAll(arguments);
        return PacketWriter.Event(emitter.Target.Prefix, writer.End(), id, default, !emitter.Flags.IsUncompressed);
    }

    private static void Ask(List<Socket> sockets, long id, BroadcastAcknowledgement<T> answers, Frame[] frames, bool isVolatile)
    {
        foreach (Socket socket in sockets)
        {
            if (socket.TryExpect(id, answers))
            {
                socket.Send(frames, isVolatile);
            }
            else
            {
                answers.OnLeft(socket, default);
            }
        }

        answers.CompleteIfSettled();
    }
}
