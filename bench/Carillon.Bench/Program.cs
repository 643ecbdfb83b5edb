using Carillon.Bench;
using Carillon.Bench.Parts;
using Carillon.Bench.Report;

if (args.Contains("--help", StringComparer.Ordinal))
{
    Console.WriteLine(BenchOptions.Usage);
    return 0;
}
try
{
    // run.sh starts the program from the root of the repository.
    string repository = Environment.CurrentDirectory;
    string workDirectory = Directory.CreateDirectory(Path.Combine(repository, "artifacts", "bench")).FullName;
    BenchOptions options = BenchOptions.Parse(args);
    Machine machine = Machine.Probe(workDirectory);
    Console.WriteLine(machine);
    Rounds rounds = new(options, Console.Error);
    Suite suite = new(options, repository, workDirectory, rounds);
    try
    {
        await suite.RunAsync();
    }
    finally
    {
        Figures.Print(rounds.Rows, Console.Out);
        Ratios.Print(rounds.Rows, Console.Out);
        Goals.Print(options, rounds.Rows, Console.Out);
        foreach (string remark in Remarks.On(rounds.Rows))
        {
            Console.WriteLine(remark);
        }
    }
    if (options.Json is not null)
    {
        JsonReport.Write(options.Json, machine, rounds.Rows);
    }
    return rounds.Rows.All(row => row is { Lost: 0, Disordered: 0 }) ? 0 : 1;
}
catch (LoadException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 2;
}
