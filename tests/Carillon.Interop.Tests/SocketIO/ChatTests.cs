using System.Diagnostics;
using System.Text.RegularExpressions;
using Carillon.Interop.Tests.Clients;
using Carillon.Interop.Tests.Servers;
using Carillon.Interop.Tests.Waiting;

namespace Carillon.Interop.Tests.SocketIO;

/// <summary>The chat sample, started as its users start it, in a real browser: <c>node/scenarios/chat.mjs</c>.</summary>
public sealed partial class ChatTests(OfficialClients clients)
{
    [Fact]
    public async Task Two_tabs_see_each_others_messages_as_text_and_images_and_hear_who_types()
    {
        using Process process = StartSample();
        try
        {
            Uri address = await AddressAsync(process);

            (await clients.RunAsync(ClientKind.NodeUpgrading, "chat/twoTabs", address)).GetInt32().ShouldBe(3);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static Process StartSample()
    {
        string assembly = Repository.SampleAssembly("SocketIO.Chat");
        return Process.Start(new ProcessStartInfo("dotnet", [assembly, "--urls", "http://127.0.0.1:0"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            WorkingDirectory = Path.Combine(Repository.Root, "samples", "SocketIO.Chat"),
        })!;
    }

    private static async Task<Uri> AddressAsync(Process process)
    {
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(Deadlines.Usual) is { } line)
        {
            if (Address().Match(line) is { Success: true } match)
            {
                return new Uri(match.Value);
            }
        }

        throw new InvalidOperationException("The sample ended without telling its address.");
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();
}
