using Microsoft.AspNetCore.Http;

namespace Carillon.SocketIO.EngineIO;

// One POST at a time is taken; others wait in line.
internal sealed partial class EngineSession
{
    private const int LongestLine = 64;

    // How long a POST's body may be on its way while another POST waits: that long it may take until a thread has looked at a body that came with its request. The
    // reference server has one thread, which reads such a body before it sees another request.
    private static readonly TimeSpan LongestOverlap = TimeSpan.FromMilliseconds(500);

    private PostPhase _post; // These three are guarded by _gate.
    private long _readingSince;
    private Queue<TaskCompletionSource>? _line; // Nobody enters it once the session is closed.

    // Only one that comes while another's body is on its way, and stays so, overlaps it. Clients that act on what their packets were answered with, before they have the
    // POST's own answer, or post several at once, are none of the worse for it at the reference server, which takes whole requests at once.
    private async ValueTask<EngineError?> BeginPostAsync(HttpRequest request)
    {
        if (EnterLine(request, out Task? turn) is { } violation)
        {
            return violation;
        }

        while (turn is { IsCompleted: false })
        {
            await Task.WhenAny(turn, Task.Delay(LongestOverlap, _server.Heartbeat.Time));
            if (!turn.IsCompleted && IsBodyMissing())
            {
                return RefusePost("overlapping posts");
            }
        }

        return IsOpen ? null : EngineError.UnknownSession; // Nobody is behind one that the end of the session has let go.
    }

    private EngineError? EnterLine(HttpRequest request, out Task? turn)
    {
        turn = null;
        string violation;
        lock (_gate)
        {
            if (_state != SessionState.Open)
            {
                return EngineError.UnknownSession;
            }

            if (_webSocket is not null)
            {
                return EngineError.BadRequest;
            }

            // Revision 4 has no binary payloads; the reference server refuses those of revision 3 in the same way.
            bool isBinary = request.ContentType is { } type && type.StartsWith("application/octet-stream", StringComparison.OrdinalIgnoreCase);
            if (!isBinary && _post == PostPhase.None)
            {
                BeginReadingNeedsLock();
                return null;
            }

            _line ??= new Queue<TaskCompletionSource>();
            if (!isBinary && _line.Count < LongestLine)
            {
                var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _line.Enqueue(waiting);
                turn = waiting.Task;
                return null;
            }

            violation = isBinary ? "a binary payload" : "too many posts at once";
        }

        return RefusePost(violation);
    }

    private EngineError RefusePost(string violation)
    {
        Close(new DisconnectReason(DisconnectCause.TransportError, violation));
        return EngineError.BadRequest;
    }

    private void BeginReadingNeedsLock()
    {
        _post = PostPhase.Reading;
        _readingSince = _server.Heartbeat.Time.GetTimestamp();
    }

    private bool IsBodyMissing()
    {
        lock (_gate)
        {
            return _post == PostPhase.Reading && _server.Heartbeat.Time.GetElapsedTime(_readingSince) >= LongestOverlap;
        }
    }

    private void BeginTaking()
    {
        lock (_gate)
        {
            _post = PostPhase.Taking;
        }
    }

    private void EndPost()
    {
        TaskCompletionSource? next = null;
        lock (_gate)
        {
            if (_line?.TryDequeue(out next) == true)
            {
                BeginReadingNeedsLock();
            }
            else
            {
                _post = PostPhase.None;
                next = _postsEnded;
            }
        }

        next?.TrySetResult();
    }

    // Lets go all who wait for a POST to end: the session has ended, and no POST is taken any more, nor one's end to be relied on.
    private void LeaveLine()
    {
        TaskCompletionSource[] waiting;
        TaskCompletionSource? ended;
        lock (_gate)
        {
            waiting = _line?.ToArray() ?? [];
            _line = null;
            ended = _postsEnded;
        }

        ended?.TrySetResult();
        foreach (TaskCompletionSource turn in waiting)
        {
            turn.TrySetResult();
        }
    }
}
