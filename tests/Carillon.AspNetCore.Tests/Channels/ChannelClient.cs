using System.Net.WebSockets;
using System.Text.Json;

namespace Carillon.AspNetCore.Tests.Channels;

/// <summary>A client of a channel socket.</summary>
internal sealed class ChannelClient : TextSocket
{
    private ChannelClient(ClientWebSocket socket)
        : base(socket)
    {
    }

    public static async Task<ChannelClient> ConnectAsync(Uri address, params (string Name, string Value)[] headers) => new(await OpenAsync(address, headers));

    /// <summary>The next object, with the names that the web's JSON has.</summary>
    public async Task<Stage.Seen> NextAsync() => JsonSerializer.Deserialize<Stage.Seen>(await NextTextAsync(), JsonSerializerOptions.Web)!;

    /// <summary>Reads objects until one says that so many are connected.</summary>
    public async Task<Stage.Seen> UntilCountAsync(int count)
    {
        while (true)
        {
            Stage.Seen seen = await NextAsync();
            if (seen.Count == count)
            {
                return seen;
            }
        }
    }
}
