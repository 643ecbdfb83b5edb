using Carillon.AspNetCore.Channels;

namespace Online;

/// <summary>Shows everyone in a channel how many they are.</summary>
internal sealed class OnlinePlayers : ChannelSocket
{
    protected override async ValueTask<object?> GenerateObjectAsync(CancellationToken cancellation) =>
        new { Channel = Channel.Id, Online = await Channel.CountAsync(cancellation) };
}
