using System.Text.RegularExpressions;
using Carillon.SocketIO.Recovery;
using Carillon.SocketIO.Tests.Cluster;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.Recovery;

/// <summary>The application's stores when their namespaces are gone.</summary>
public sealed class StoreEndTests
{
    [Fact]
    public async Task Store_that_fails_to_end_keeps_neither_other_stores_nor_the_cluster_from_ending()
    {
        var log = new RecordedLog();
        var cluster = new LoopbackCluster();
        var stores = new List<EndingStore>();
        SocketIOServer server = DetachedClient.CreateServer(Options(stores, cluster), log.CreateLogger("server"));
        server.Of("/b");
        server.Of(new Regex("^/c$"));
        server.Of("/c");
        server.JoinCluster();
        await Eventually.BeTrueAsync(() => cluster.Nodes == 1);

        await server.DisposeAsync();

        stores.Select(static store => store.Ended).ShouldBe([1, 1, 1]);
        cluster.Nodes.ShouldBe(0);
        log.Entries.Count(static entry => entry.Level == LogLevel.Error && entry.Text.Contains("no end", StringComparison.Ordinal)).ShouldBe(3);
    }

    [Fact]
    public async Task Store_that_ends_asynchronously_is_ended_when_its_namespace_goes()
    {
        var stores = new List<EndingStore>();
        await using SocketIOServer server = DetachedClient.CreateServer(Options(stores, cluster: null));
        SocketNamespaceFamily family = server.Of(new Regex("^/c"));
        var client = new DetachedClient(server);
        await client.ReceiveAsync("40/c1");
        await Eventually.BeTrueAsync(() => family.Find("/c1")?.SocketCount == 1);

        await client.ReceiveAsync("41/c1");

        await Eventually.BeTrueAsync(() => stores[1].Ended == 1);
        family.Namespaces.ShouldBeEmpty();
    }

    // Every second one has no other end than an asynchronous one.
    private static SocketIOOptions Options(List<EndingStore> stores, LoopbackCluster? cluster) => new()
    {
        ClusterTransport = cluster?.Join(),
        ConnectionStateRecovery = new ConnectionStateRecoveryOptions
        {
            CreateStore = _ =>
            {
                EndingStore store = stores.Count % 2 == 0 ? new FailingStore() : new AsynchronousStore();
                stores.Add(store);
                return store;
            },
        },
    };

    /// <summary>Keeps nothing, counts its ends, and fails at each.</summary>
    private abstract class EndingStore : IRecoveryStore
    {
        private int _ended;

        public long LastOffset => 0;

        public int Ended => Volatile.Read(ref _ended);

        public void Append(RecoverableEvent sent)
        {
        }

        public bool TryRead(long offset, int limit, ICollection<RecoverableEvent> events) => true;

        public ValueTask SaveAsync(RecoverableSession session, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask<RecoverableSession?> TakeAsync(string privateId, CancellationToken cancellationToken) => ValueTask.FromResult<RecoverableSession?>(null);

        protected void End()
        {
            Interlocked.Increment(ref _ended);
            throw new IOException("no end");
        }
    }

    private sealed class FailingStore : EndingStore, IDisposable
    {
        public void Dispose() => End();
    }

    private sealed class AsynchronousStore : EndingStore, IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Task.Yield();
            End();
        }
    }
}
