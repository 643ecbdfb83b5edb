using System.Globalization;
using Carillon.Bench.Targets;

namespace Carillon.Bench;

/// <summary>The command line.</summary>
internal sealed record BenchOptions
{
    public const string Usage = """
        bench/run.sh [options]
          --seconds N          measured time of each round (5)
          --warmup N           seconds of load before it (3)
          --rounds N           rounds of each row; the table shows medians (3)
          --quick              one short round, broadcasts to 1,000 and with 128 B only: four minutes to see that everything works
          --only PART,…        publish, fanout and protocols measure the whole program with its topics; broadcast, rooms, idle and slow the
                               Socket.IO library
          --server carillon|carillon-kestrel|socket.io|signalr   only this one where several servers are compared
          --connections N      keep-alive connections of the durable publishes (16)
          --subscribers N      subscribers of the fan-out (1000)
          --publishers N       connections that publish for the fan-out and the broadcasts (16)
          --publish-over http|socketio  how they publish (http)
          --window N           messages under way in the fan-out at most (256)
          --rate N             deliveries/s offered in the fan-out and the broadcasts at a fixed rate (100000; 0: none, and no slow)
          --idle N             idle connections (10000)
          --settle N           seconds that they stay before the server's memory is read (30)
          --calm PERCENT       other processes may use so much of one core: a round waits for it before, up to three
                               minutes, and is repeated, up to 10 times, when they used more during it (off)
          --json FILE          every round's figures, for machines
        """;

    public int Seconds { get; init; } = 5;

    public int Warmup { get; init; } = 3;

    public int Rounds { get; init; } = 3;

    public bool Quick { get; init; }

    /// <summary>The parts to run; all if empty.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    public Contender? Server { get; init; }

    public int Connections { get; init; } = 16;

    public int Subscribers { get; init; } = 1000;

    public int Publishers { get; init; } = 16;

    public Ingress PublishOver { get; init; }

    public int Window { get; init; } = 256;

    public int Rate { get; init; } = 100_000;

    public int Idle { get; init; } = 10_000;

    public int Settle { get; init; } = 30;

    /// <summary>Percent of one core that other processes may use in a round that counts.</summary>
    public int? Calm { get; init; }

    public string? Json { get; init; }

    /// <summary>Reads pairs of name and value.</summary>
    /// <exception cref="LoadException">An option is not known or its value is wrong.</exception>
    public static BenchOptions Parse(ReadOnlySpan<string> arguments)
    {
        // First, so that other options can change what it sets.
        bool quick = arguments.Contains("--quick");
        BenchOptions options = quick ? new() { Quick = true, Seconds = 2, Warmup = 1, Rounds = 1, Settle = 5 } : new();
        for (int i = 0; i < arguments.Length; i++)
        {
            string name = arguments[i];
            if (name == "--quick")
            {
                continue;
            }
            string value = ++i < arguments.Length ? arguments[i] : throw new LoadException($"{name} lacks its value.");
            options = name switch
            {
                "--seconds" => options with { Seconds = Positive(name, value) },
                "--warmup" => options with { Warmup = Positive(name, value) },
                "--rounds" => options with { Rounds = Positive(name, value) },
                "--only" => options with { Only = [.. value.Split(',').Select(part => OneOf(name, part, Suite.Parts))] },
                "--server" => options with { Server = Named(OneOf(name, value, "carillon", "carillon-kestrel", "socket.io", "signalr")) },
                "--connections" => options with { Connections = Positive(name, value) },
                "--subscribers" => options with { Subscribers = Positive(name, value) },
                "--publishers" => options with { Publishers = Positive(name, value) },
                "--publish-over" => options with { PublishOver = OneOf(name, value, "http", "socketio") == "http" ? Ingress.Http : Ingress.SocketIo },
                "--window" => options with { Window = Positive(name, value) },
                "--rate" => options with { Rate = value == "0" ? 0 : Positive(name, value) },
                "--idle" => options with { Idle = Positive(name, value) },
                "--settle" => options with { Settle = Positive(name, value) },
                "--calm" => options with { Calm = Positive(name, value) },
                "--json" => options with { Json = value },
                _ => throw new LoadException($"{name} is not an option."),
            };
        }
        return options;
    }

    /// <summary>Whether a server takes part.</summary>
    public bool Measures(Contender contender) => Server is null || Server == contender;

    private static int Positive(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : throw new LoadException($"{name} takes a positive number, not {value}.");

    private static string OneOf(string name, string value, params string[] known) =>
        known.Contains(value, StringComparer.Ordinal) ? value : throw new LoadException($"{name} takes {string.Join(" or ", known)}, not {value}.");

    private static Contender Named(string server) => server switch
    {
        "carillon" => Contender.Carillon,
        "carillon-kestrel" => Contender.CarillonOnKestrel,
        "socket.io" => Contender.SocketIo,
        _ => Contender.SignalR,
    };
}
