using System.Text.Json;
using Microsoft.AspNetCore.SignalR;

namespace SignalR.Peer;

/// <summary>The rooms of the side-by-side benchmark: a room is a group.</summary>
internal sealed class RoomHub : Hub
{
    /// <summary>Puts the caller into a room.</summary>
    public async Task<bool> Join(string room)
    {
        await Groups.AddToGroupAsync(Context.ConnectionId, room);
        return true;
    }

    /// <summary>Sends to everybody in a room. Awaited, as the documentation asks for.</summary>
    public Task Publish(string room, JsonElement payload) => Clients.Group(room).SendAsync("message", payload);
}
