using System.Globalization;

namespace Carillon.Bench;

/// <summary>The command line.</summary>
internal sealed record BenchOptions
{
    public const string Usage = """
        bench/run.sh [options]
          --seconds N          measured time of each round (10)
          --warmup N           seconds of load before it (5)
          --rounds N           rounds of each row; the table shows medians (3)
          --only publish|fanout
          --server carillon|socket.io   only this one in the fan-out
          --connections N      keep-alive connections of the durable publishes (16)
          --subscribers N      subscribers of the fan-out (1000)
          --publishers N       connections that publish for the fan-out (16)
          --publish-over http|socketio  how they publish (http)
          --window N           messages under way in the fan-out at most (256)
          --rate N             deliveries/s offered in the fan-out at a fixed rate (100000; 0: none)
          --calm PERCENT       other processes may use so much of one core: a round waits for it before, up to three
                               minutes, and is repeated, up to 10 times, when they used more during it (off)
          --json FILE          every round's figures, for machines
        """;

    public int Seconds { get; init; } = 10;

    public int Warmup { get; init; } = 5;

    public int Rounds { get; init; } = 3;

    public string? Only { get; init; }

    public string? Server { get; init; }

    public int Connections { get; init; } = 16;

    public int Subscribers { get; init; } = 1000;

    public int Publishers { get; init; } = 16;

    public Ingress PublishOver { get; init; }

    public int Window { get; init; } = 256;

    public int Rate { get; init; } = 100_000;

    /// <summary>Percent of one core that other processes may use in a round that counts.</summary>
    public int? Calm { get; init; }

    public string? Json { get; init; }

    /// <summary>Reads pairs of name and value.</summary>
    /// <exception cref="LoadException">An option is not known or its value is wrong.</exception>
    public static BenchOptions Parse(ReadOnlySpan<string> arguments)
    {
        BenchOptions options = new();
        for (int i = 0; i < arguments.Length; i += 2)
        {
            string name = arguments[i];
            string value = i + 1 < arguments.Length ? arguments[i + 1] : throw new LoadException($"{name} lacks its value.");
            options = name switch
            {
                "--seconds" => options with { Seconds = Positive(name, value) },
                "--warmup" => options with { Warmup = Positive(name, value) },
                "--rounds" => options with { Rounds = Positive(name, value) },
                "--only" => options with { Only = OneOf(name, value, "publish", "fanout") },
                "--server" => options with { Server = OneOf(name, value, "carillon", "socket.io") },
                "--connections" => options with { Connections = Positive(name, value) },
                "--subscribers" => options with { Subscribers = Positive(name, value) },
                "--publishers" => options with { Publishers = Positive(name, value) },
                "--publish-over" => options with { PublishOver = OneOf(name, value, "http", "socketio") == "http" ? Ingress.Http : Ingress.SocketIo },
                "--window" => options with { Window = Positive(name, value) },
                "--rate" => options with { Rate = value == "0" ? 0 : Positive(name, value) },
                "--calm" => options with { Calm = Positive(name, value) },
                "--json" => options with { Json = value },
                _ => throw new LoadException($"{name} is not an option."),
            };
        }
        return options;
    }

    private static int Positive(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : throw new LoadException($"{name} takes a positive number, not {value}.");

    private static string OneOf(string name, string value, string first, string second) =>
        value == first || value == second ? value : throw new LoadException($"{name} takes {first} or {second}, not {value}.");
}
