namespace Carillon.Server.Reloading;

/// <summary>What became of changed settings.</summary>
/// <param name="Problems">What is wrong with them, or what of them is not in force although nothing is; empty when they are in force.</param>
/// <param name="IsInForce">Whether they are, but for the problems; else everything is as it was.</param>
internal readonly record struct Reload(IReadOnlyList<string> Problems, bool IsInForce)
{
    /// <summary>They changed nothing.</summary>
    public static Reload Refused(IReadOnlyList<string> problems) => new(problems, IsInForce: false);
}
