namespace Carillon.Interop.Tests.Servers;

/// <summary>The last lines a process wrote, for the message of a failed test. Thread-safe.</summary>
internal sealed class OutputTail
{
    private const int Kept = 200;
    private readonly Queue<string> _lines = new();

    public void Add(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > Kept)
            {
                _lines.Dequeue();
            }
        }
    }

    public override string ToString()
    {
        lock (_lines)
        {
            return string.Join('\n', _lines);
        }
    }
}
