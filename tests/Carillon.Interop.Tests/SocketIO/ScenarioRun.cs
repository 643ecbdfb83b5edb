using System.Text.Json;
using System.Threading.Channels;
using Carillon.Interop.Tests.Servers;

namespace Carillon.Interop.Tests.SocketIO;

/// <summary>A scenario that runs in a client process. Thread-safe.</summary>
internal sealed class ScenarioRun(string name, Action<string> tell, OutputTail errors)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TaskCompletionSource<JsonElement> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<string> _said = Channel.CreateUnbounded<string>();

    /// <summary>What the scenario returns; what it throws is thrown.</summary>
    public async Task<JsonElement> ResultAsync()
    {
        try
        {
            return await _result.Task.WaitAsync(Patience);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"The scenario {name} did not end.\n{errors}", late);
        }
    }

    /// <summary>Waits until the scenario says <paramref name="word"/>, or fails with it.</summary>
    public async Task HearAsync(string word)
    {
        Task<string> said = _said.Reader.ReadAsync().AsTask();
        if (await Task.WhenAny(said, ResultAsync()) != said)
        {
            await ResultAsync();
            throw new InvalidOperationException($"The scenario {name} ended without a word.");
        }

        (await said).ShouldBe(word);
    }

    public void Tell(string word) => tell(word);

    internal void OnLine(JsonElement line)
    {
        if (line.TryGetProperty("said", out JsonElement said))
        {
            _said.Writer.TryWrite(said.GetString()!);
        }
        else if (line.TryGetProperty("error", out JsonElement error))
        {
            _result.TrySetException(new InvalidOperationException($"The scenario {name} failed: {error.GetString()}\n{errors}"));
        }
        else
        {
            _result.TrySetResult(line.GetProperty("value"));
        }
    }
}
