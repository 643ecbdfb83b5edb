using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Carillon.Bench.Linux;

/// <summary>One thread, one epoll, one buffer: receives for all links. Not thread-safe.</summary>
internal sealed unsafe class EventLoop : IDisposable
{
    /// <summary>Links served in one turn at most.</summary>
    private const int Capacity = 256;
    private const int BufferSize = 256 * 1024;

    // `struct epoll_event` is packed on x64 only.
    private static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = EventSize - sizeof(long);

    private readonly int _epoll = Check(Libc.EpollCreate(0));
    private readonly List<Link> _links = [];
    private readonly byte* _events = (byte*)NativeMemory.AllocZeroed((nuint)(Capacity * EventSize));
    private readonly byte* _buffer = (byte*)NativeMemory.Alloc(BufferSize);

    public IReadOnlyList<Link> Links => _links;

    public void Add(Link link)
    {
        byte* epollEvent = stackalloc byte[EventSize];
        *(uint*)epollEvent = Libc.EpollIn;
        *(long*)(epollEvent + DataOffset) = _links.Count;
        _links.Add(link);
        _ = Check(Libc.EpollControl(_epoll, Libc.EpollAdd, link.Descriptor, epollEvent));
    }

    /// <summary>Waits until a link has something to read, at most <paramref name="timeout"/>, and lets each ready link read once.</summary>
    /// <returns>Whether more links may be ready than were served.</returns>
    public bool Poll(TimeSpan timeout)
    {
        long nanoseconds = Math.Max(0, (long)timeout.TotalNanoseconds);
        Libc.TimeSpec limit = new() { Seconds = nanoseconds / 1_000_000_000, Nanoseconds = nanoseconds % 1_000_000_000 };
        int ready = Libc.EpollWait(_epoll, _events, Capacity, &limit, 0);
        if (ready < 0 && Marshal.GetLastPInvokeError() != Libc.Interrupted)
        {
            throw new Win32Exception();
        }
        for (int i = 0; i < ready; i++)
        {
            Receive(_links[(int)*(long*)(_events + (i * EventSize) + DataOffset)]);
        }
        return ready == Capacity;
    }

    public void Dispose()
    {
        foreach (Link link in _links)
        {
            link.Dispose();
        }
        _ = Libc.Close(_epoll);
        NativeMemory.Free(_events);
        NativeMemory.Free(_buffer);
    }

    private void Receive(Link link)
    {
        Span<byte> buffer = new(_buffer, BufferSize);
        int carried = link.CopyCarry(buffer);
        nint received = Libc.Receive(link.Descriptor, _buffer + carried, BufferSize - carried, Libc.DontWait);
        if (received < 0 && Marshal.GetLastPInvokeError() is Libc.TryAgain or Libc.Interrupted)
        {
            return;
        }
        if (received <= 0)
        {
            throw new LoadException($"{link} was disconnected by the server.");
        }
        Span<byte> bytes = buffer[..(carried + (int)received)];
        int consumed = link.Consume(bytes, Stopwatch.GetTimestamp());
        link.Carry(bytes[consumed..]);
    }

    private static int Check(int result) => result < 0 ? throw new Win32Exception() : result;
}
