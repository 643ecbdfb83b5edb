using System.Globalization;
using SocketIO.ProtocolTarget.Profiles;

namespace SocketIO.ProtocolTarget;

/// <summary>What the command line says.</summary>
internal sealed record TargetArguments(int Port, Profile Profile)
{
    public const string Usage = "usage: SocketIO.ProtocolTarget --port N [--profile suite|recovery|client]";

    /// <summary>Null for a command line that is wrong.</summary>
    public static TargetArguments? Parse(string[] args)
    {
        int? port = null;
        Profile profile = Profile.Suite;
        for (int i = 0; i < args.Length; i += 2)
        {
            string value = i + 1 < args.Length ? args[i + 1] : string.Empty;
            if (args[i] == "--port" && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= ushort.MaxValue)
            {
                port = number;
            }
            else if (args[i] == "--profile" && char.IsAsciiLetter(value.FirstOrDefault()) && Enum.TryParse(value, ignoreCase: true, out Profile named))
            {
                profile = named;
            }
            else
            {
                return null;
            }
        }

        return port is null ? null : new TargetArguments(port.Value, profile);
    }
}
