using System.Text.RegularExpressions;
using Carillon.SocketIO.Recovery;
using Shouldly;
using Xunit;
using static Carillon.SocketIO.Tests.Recovery.RecoveringClient;

namespace Carillon.SocketIO.Tests.Recovery;

/// <summary>The bounds that all namespaces of a server share.</summary>
public sealed class RecoveryMemoryTests
{
    [Fact]
    public async Task Events_of_all_namespaces_share_one_bound_and_the_oldest_go_first()
    {
        await using TestApplication application = await StartAsync(On(new ConnectionStateRecoveryOptions { MaxEvents = 4 }));
        application.Server.Of("/a");
        application.Server.Of("/b");
        (EngineWebSocket inA, string sidA, string pidA) = await ConnectAsync(application, name: "/a");
        (EngineWebSocket inB, string sidB, string pidB) = await ConnectAsync(application, name: "/b");
        await CutAsync(application.Server, inA);
        await CutAsync(application.Server, inB);

        await application.Server.Of("/a").EmitAsync("n", 1);
        for (int i = 0; i < 4; i++)
        {
            await application.Server.Of("/b").EmitAsync("n", i);
        }

        (await ConnectAsync(application, pidA, name: "/a")).Sid.ShouldNotBe(sidA);
        (EngineWebSocket back, string sidAgain, _) = await ConnectAsync(application, pidB, name: "/b");
        sidAgain.ShouldBe(sidB);
        for (int i = 0; i < 4; i++)
        {
            (await back.ReadAsync()).ShouldBe($"42/b,[\"n\",{i},\"{i + 1}\"]");
        }
    }

    [Fact]
    public async Task Many_namespaces_of_a_family_keep_no_more_than_one()
    {
        const int MaxBytes = 100_000;
        await using SocketIOServer server = DetachedClient.CreateServer(On(new ConnectionStateRecoveryOptions { MaxBytes = MaxBytes }));
        SocketNamespaceFamily family = server.Of(new Regex("^/room-"));
        RecoveryMemory memory = server.RecoveryMemory!;
        byte[] json = [.. "\""u8, .. Enumerable.Repeat((byte)'x', 500), .. "\""u8];
        var client = new DetachedClient(server);
        for (int i = 0; i < 200; i++)
        {
            await client.ReceiveAsync($"40/room-{i}");
            await Eventually.BeTrueAsync(() => family.Find($"/room-{i}")?.SocketCount == 1);
            for (int j = 0; j < 5; j++)
            {
                await family.Find($"/room-{i}")!.EmitJsonAsync("n", json);
            }

            client.Take();
            memory.Bytes.ShouldBeLessThanOrEqualTo(MaxBytes);
        }

        memory.Bytes.ShouldBeGreaterThan(MaxBytes / 2);
        for (int i = 0; i < 200; i++)
        {
            await client.ReceiveAsync($"41/room-{i}");
        }

        await Eventually.BeTrueAsync(() => !family.Namespaces.Any());
        memory.Bytes.ShouldBe(0); // Nobody comes back to a namespace that is gone.
    }

    [Fact]
    public async Task Quiet_server_forgets_events_and_sessions_when_nobody_can_come_back_for_them()
    {
        await using SocketIOServer server = DetachedClient.CreateServer(
            On(new ConnectionStateRecoveryOptions { MaxDisconnectionDuration = TimeSpan.FromMilliseconds(50) }));
        SocketNamespaceFamily family = server.Of(new Regex("^/room-"));
        var client = new DetachedClient(server);
        await client.ReceiveAsync("40/room-1");
        await Eventually.BeTrueAsync(() => family.Find("/room-1")?.SocketCount == 1);
        await family.EmitAsync("n", 1);
        await server.EmitAsync("n", 1);
        server.RecoveryMemory!.EventCount.ShouldBe(2);

        client.Session.Close(new DisconnectReason(DisconnectCause.TransportClose));

        await Eventually.BeTrueAsync(() => server.RecoveryMemory.EventCount == 0 && family.Find("/room-1") is null);
    }

    [Fact]
    public async Task Client_that_comes_and_goes_does_not_push_out_others_that_lost_the_connection()
    {
        await using TestApplication application = await StartAsync(On(new ConnectionStateRecoveryOptions { MaxSessions = 2 }));
        (EngineWebSocket patient, string sid, string pid) = await ConnectAsync(application);
        await CutAsync(application.Server, patient);
        (EngineWebSocket restless, string restlessSid, string restlessPid) = await ConnectAsync(application);
        for (int i = 0; i < 5; i++)
        {
            await CutAsync(application.Server, restless);
            (restless, string again, _) = await ConnectAsync(application, restlessPid);
            again.ShouldBe(restlessSid);
        }

        (await ConnectAsync(application, pid)).Sid.ShouldBe(sid);
    }

    [Fact]
    public async Task Session_of_a_client_that_was_gone_before_it_was_let_in_is_kept_for_it()
    {
        var store = new HeldStore();
        await using TestApplication application = await StartAsync(On(new ConnectionStateRecoveryOptions { CreateStore = _ => store }));
        (EngineWebSocket first, string sid, string pid) = await ConnectAsync(application);
        await CutAsync(application.Server, first);
        store.Hold();
        using var client = new EngineClient(application.Address);
        using EngineWebSocket second = await client.OpenWebSocketAsync();
        await second.ReadAsync();
        await second.SendAsync($$"""40{"pid":"{{pid}}"}""");
        await store.Asked;
        await CutAsync(application.Server, second);
        store.Release();
        await Eventually.BeTrueAsync(() => store.Saved == 2);

        (await ConnectAsync(application, pid)).Sid.ShouldBe(sid);
    }

    private static SocketIOOptions On(ConnectionStateRecoveryOptions recovery) => new() { ConnectionStateRecovery = recovery };

    /// <summary>A store of sessions alone that can be made to wait when it is asked for one.</summary>
    private sealed class HeldStore : IRecoveryStore
    {
        private readonly System.Collections.Concurrent.ConcurrentDictionary<string, RecoverableSession> _sessions = new(StringComparer.Ordinal);
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _saved;

        public HeldStore() => _released.SetResult();

        public Task Asked => _asked.Task;

        public int Saved => Volatile.Read(ref _saved);

        public long LastOffset => 0;

        public void Hold() => _released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Release() => _released.SetResult();

        public void Append(RecoverableEvent sent)
        {
        }

        public bool TryRead(long offset, int limit, ICollection<RecoverableEvent> events) => true;

        public ValueTask SaveAsync(RecoverableSession session, CancellationToken cancellationToken)
        {
            _sessions[session.PrivateId] = session;
            Interlocked.Increment(ref _saved);
            return ValueTask.CompletedTask;
        }

        public async ValueTask<RecoverableSession?> TakeAsync(string privateId, CancellationToken cancellationToken)
        {
            if (!_released.Task.IsCompleted)
            {
                _asked.TrySetResult();
                await _released.Task;
            }

            return _sessions.TryRemove(privateId, out RecoverableSession? session) ? session : null;
        }
    }
}
