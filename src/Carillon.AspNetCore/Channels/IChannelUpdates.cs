namespace Carillon.AspNetCore.Channels;

/// <summary>Generates and sends what the clients of a channel are to see.</summary>
internal interface IChannelUpdates
{
    /// <summary>
    /// Generates the channel's object once and sends it to <paramref name="audience"/>, which is not empty. Returns when the next object may be generated; never throws.
    /// </summary>
    Task SendObjectAsync(LiveChannel channel, ChannelConnection[] audience);

    /// <summary>Nothing is generated for the channel any more, until its next change.</summary>
    void OnIdle(LiveChannel channel);
}
