using System.Diagnostics;

namespace Carillon.Fuzz;

/// <summary>Feeds mutated inputs to a target on a thread of its own, and watches that none takes long or much memory.</summary>
public sealed class FuzzRun
{
    private const long MaxHeapGrowth = 64 * 1024 * 1024;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private readonly FuzzTarget _target;
    private readonly ulong _seed;
    private readonly Mutator _mutator;
    private long _number = -1;
    private byte[] _input = [];
    private long _largest;
    private string? _finding;

    /// <summary>Prepares a run whose inputs depend on <paramref name="seed"/> alone.</summary>
    public FuzzRun(FuzzTarget target, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(target);
        _target = target;
        _seed = seed;
        _mutator = new Mutator(target.Corpus, seed);
    }

    /// <summary>Takes up to <paramref name="executions"/> inputs, for up to <paramref name="duration"/>, and stops at the first finding.</summary>
    public FuzzReport Run(long executions, TimeSpan duration)
    {
        foreach (byte[] known in _target.Corpus)
        {
            Execute(known); // Also warms up what is kept for good.
        }

        long heap = GC.GetTotalMemory(forceFullCollection: true);
        long start = Stopwatch.GetTimestamp();
        var worker = new Thread(() => Work(executions, start, duration)) { IsBackground = true, Name = "fuzz" };
        worker.Start();
        for (long seen = -1; !worker.Join(Look);)
        {
            long now = Volatile.Read(ref _number);
            if (now == seen && !worker.Join(Longest) && Volatile.Read(ref _number) == seen)
            {
                return Report(start, heap, Describe($"took more than {Longest.TotalSeconds} s"));
            }

            seen = now;
        }

        FuzzReport report = Report(start, heap, _finding);
        return report.Finding is null && report.HeapGrowth > MaxHeapGrowth ? report with { Finding = $"{_target.Name}: the heap grew by {report.HeapGrowth:N0} bytes" } : report;
    }

    /// <summary>Takes one input; the finding, or null.</summary>
    public string? Replay(byte[] input)
    {
        Execute(input);
        return _finding;
    }

    private void Work(long executions, long start, TimeSpan duration)
    {
        for (long i = 0; i < executions && _finding is null; i++)
        {
            if ((i & 255) == 0 && Stopwatch.GetElapsedTime(start) > duration)
            {
                break;
            }

            byte[] input = _mutator.Make(i);
            Volatile.Write(ref _number, i);
            Execute(input);
        }
    }

    private void Execute(byte[] input)
    {
        Volatile.Write(ref _input, input);
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            _target.Execute(input);
        }
        catch (Exception error)
        {
            _finding = Describe(error is FindingException ? error.Message : error.ToString());
            return;
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        _largest = Math.Max(_largest, allocated);
        if (allocated > _target.MaxAllocation(input.Length))
        {
            _finding = Describe($"allocated {allocated:N0} bytes");
        }
    }

    private FuzzReport Report(long start, long heap, string? finding)
    {
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        return new FuzzReport(_target.Name, Volatile.Read(ref _number) + 1, elapsed, _largest, GC.GetTotalMemory(forceFullCollection: true) - heap, finding);
    }

    private string Describe(string what) =>
        $"{_target.Name}: {what}\n  seed {_seed}, input number {Volatile.Read(ref _number)}; again by: --target {_target.Name} --input {Convert.ToBase64String(Volatile.Read(ref _input))}";
}
