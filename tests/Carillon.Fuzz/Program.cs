using System.Globalization;
using Carillon.Fuzz;

// fuzz [--executions N] [--seconds N] [--seed N] [--target NAME] [--input BASE64]
var options = new Dictionary<string, string>(StringComparer.Ordinal);
string[] known = ["--executions", "--seconds", "--seed", "--target", "--input"];
for (int i = 0; i < args.Length; i += 2)
{
    if (!known.Contains(args[i]) || i + 1 == args.Length)
    {
        await Console.Error.WriteLineAsync($"'{args[i]}' is unknown or lacks its value. Known: {string.Join(' ', known)}");
        return 2;
    }

    options[args[i]] = args[i + 1];
}

FuzzTarget[] targets = [.. FuzzTarget.CreateAll().Where(target => !options.TryGetValue("--target", out string? name) || target.Name == name)];
if (targets.Length == 0)
{
    await Console.Error.WriteLineAsync($"No such target. Known: {string.Join(' ', FuzzTarget.CreateAll().Select(static target => target.Name))}");
    return 2;
}

long executions = long.Parse(options.GetValueOrDefault("--executions", "1000000"), CultureInfo.InvariantCulture) / targets.Length;
TimeSpan duration = options.TryGetValue("--seconds", out string? seconds)
    ? TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture) / (double)targets.Length)
    : TimeSpan.FromHours(24);
ulong seed = ulong.Parse(options.GetValueOrDefault("--seed", "1"), CultureInfo.InvariantCulture);
int findings = 0;
foreach (FuzzTarget target in targets)
{
    var run = new FuzzRun(target, seed);
    string? finding = null;
    if (options.TryGetValue("--input", out string? input))
    {
        finding = run.Replay(Convert.FromBase64String(input));
        await Console.Out.WriteLineAsync(finding ?? $"{target.Name}: nothing found");
    }
    else
    {
        FuzzReport report = run.Run(executions, duration);
        finding = report.Finding;
        await Console.Out.WriteLineAsync(report.ToString());
    }

    findings += finding is null ? 0 : 1;
}

return findings == 0 ? 0 : 1;
