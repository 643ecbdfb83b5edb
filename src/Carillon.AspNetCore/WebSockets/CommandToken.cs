namespace Carillon.AspNetCore.WebSockets;

/// <summary>A command's <c>authorization</c>: <c>{"type", "token"}</c>. A class, so that no generated text shows the token.</summary>
internal sealed class CommandToken(string? type, string? token)
{
    public string? Type { get; } = type;

    public string? Token { get; } = token;
}
