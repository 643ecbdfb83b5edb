using Carillon.Access;
using Carillon.Errors;

namespace Carillon.Tests.Hubs;

/// <summary>Lets everyone in, until it is made to hang.</summary>
internal sealed class HangingAccess : TopicAccess
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource<Error?>? _answer;
    private bool _refuses;
    private bool _onlyAnonymous;

    public Task Asked => _asked.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public void Hang(bool refuse = false, bool onlyAnonymous = false)
    {
        _refuses = refuse;
        _onlyAnonymous = onlyAnonymous;
        _answer = new TaskCompletionSource<Error?>(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Answer() => _answer!.SetResult(_refuses ? new Error(ErrorCode.Forbidden, "no") : null);

    public override async ValueTask<Error?> CheckAsync(AccessRequest request, CancellationToken cancellationToken)
    {
        if (_answer is not { } answer || (_onlyAnonymous && request.Requester.IsAuthenticated))
        {
            return null;
        }

        _asked.TrySetResult();
        return await answer.Task;
    }
}
