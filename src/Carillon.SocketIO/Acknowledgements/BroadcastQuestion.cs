using Carillon.Connections;
using Carillon.SocketIO.Cluster;
using Carillon.SocketIO.Packets;

namespace Carillon.SocketIO.Acknowledgements;

/// <summary>Sends one event that asks many sockets for an answer. All of a node get the same bytes, with the same number.</summary>
internal static class BroadcastQuestion
{
    public static async Task<BroadcastAnswers<T>> AskAsync<T>(
        BroadcastEmitter emitter, string eventName, object?[] arguments, TimeSpan timeout, CancellationToken cancellation)
    {
        SocketNamespace target = emitter.Target;
        AnswerReader<T> read = AnswerReader.Of<T>(target.Server.ArgumentsJson, eventName);
        long id = target.NextAcknowledgementId();
        Frame[] frames = Encode(emitter, eventName, arguments, id, out ClusterMessage? message);
        Task<ClusterAnswers>? others = message is null
            ? null
            : target.Server.Cluster!.RequestAsync(message with { Kind = ClusterMessageKind.Ask, Timeout = timeout }, timeout, cancellation);
        BroadcastAnswers<T> here = await AskLocallyAsync(emitter, id, frames, read, timeout, cancellation);
        return others is null ? here : Join(here, await others, read);
    }

    public static async Task<BroadcastAnswers<T>> AskLocallyAsync<T>(
        BroadcastEmitter emitter, long id, Frame[] frames, AnswerReader<T> read, TimeSpan timeout, CancellationToken cancellation)
    {
        List<Socket> sockets = emitter.Collect();
        var answers = new BroadcastAcknowledgement<T>(read, sockets);
        try
        {
            Ask(sockets, id, answers, frames, emitter.Flags.IsVolatile);
            await answers.Completion.WaitAsync(timeout, emitter.Target.Server.Time, cancellation);
        }
        catch (TimeoutException)
        {
            // Who is missing is part of the answer.
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

    private static Frame[] Encode(BroadcastEmitter emitter, string eventName, object?[] arguments, long id, out ClusterMessage? message)
    {
        using PayloadWriter writer = PayloadWriter.BeginEvent(emitter.Json, eventName);
        writer.AddAll(arguments);
        Payload payload = writer.End();
        message = emitter.MessageForOthers(ClusterMessageKind.Ask, payload);
        return PacketWriter.Event(emitter.Target.Prefix, payload, id, default, !emitter.Flags.IsUncompressed);
    }

    private static void Ask<T>(List<Socket> sockets, long id, BroadcastAcknowledgement<T> answers, Frame[] frames, bool isVolatile)
    {
        foreach (Socket socket in sockets)
        {
            if (!socket.TryExpect(id, answers) || !socket.Send(frames, isVolatile))
            {
                answers.OnLeft(socket, default);
            }
        }

        answers.CompleteIfSettled();
    }

    private static BroadcastAnswers<T> Join<T>(BroadcastAnswers<T> here, ClusterAnswers others, AnswerReader<T> read)
    {
        var answers = new Dictionary<string, T>(here.Answers, StringComparer.Ordinal);
        List<string> missing = [.. here.Missing];
        foreach (ClusterMessage other in others.Messages)
        {
            missing.AddRange(other.Missing);
            foreach (ClusterAnswer answer in other.Answers)
            {
                try
                {
                    answers[answer.SocketId] = read(
                        answer.SocketId, answer.Json, [new JsonSlice(0, answer.Json.Length)], [.. answer.Attachments.Select(static bytes => new ReadOnlyMemory<byte>(bytes))]);
                }
                catch (Exception) // Types and converters of the application may throw any.
                {
                    missing.Add(answer.SocketId); // An answer of another shape is none.
                }
            }
        }

        return new BroadcastAnswers<T>(answers, missing) { SilentNodes = others.SilentNodes };
    }
}
