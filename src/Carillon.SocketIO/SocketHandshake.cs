using System.Net;
using System.Security.Claims;
using System.Text.Json;
using Carillon.SocketIO.EngineIO;
using Carillon.SocketIO.Json;
using Carillon.SocketIO.Packets;
using Microsoft.Extensions.Primitives;

namespace Carillon.SocketIO;

/// <summary>What a client brought when it joined a namespace: the request that opened its session, and the payload of its CONNECT packet. Immutable.</summary>
public sealed class SocketHandshake
{
    private readonly HandshakeRequest _request;
    private readonly SocketJson _json;

    internal SocketHandshake(HandshakeRequest request, ReadOnlyMemory<byte> auth, SocketJson json)
    {
        _request = request;
        _json = json;
        Auth = auth;
    }

    /// <summary>Query parameters of the first request, with <c>EIO</c> and <c>transport</c>.</summary>
    public IReadOnlyDictionary<string, StringValues> Query => _request.Query;

    /// <summary>Headers of the first request.</summary>
    public IReadOnlyDictionary<string, StringValues> Headers => _request.Headers;

    /// <summary>Which CONNECT of its client it came with, counted from 1: a later one takes the place of an earlier one that has not joined yet.</summary>
    internal long Order { get; init; }

    /// <summary>The <c>auth</c> option of the client: one JSON object in UTF-8, as it was sent; empty if there was none.</summary>
    public ReadOnlyMemory<byte> Auth { get; }

    /// <summary>The <c>auth</c> option read as <typeparamref name="T"/>; default if there was none.</summary>
    /// <exception cref="SocketArgumentException">
    /// What the client sent is no <typeparamref name="T"/>. Thrown out of a check of those who want to join, it refuses with a message that names what was expected.
    /// </exception>
    public T? GetAuth<T>()
    {
        try
        {
            return Auth.IsEmpty ? default : _json.Read<T>(Auth.Span, []);
        }
        catch (Exception error) when (SocketJson.IsMismatch(error))
        {
            throw SocketArgumentException.Of<T>("auth", error);
        }
    }

    /// <summary>A member of the <c>auth</c> object that is text, or null.</summary>
    internal string? GetAuthText(ReadOnlySpan<byte> name)
    {
        if (Auth.IsEmpty)
        {
            return null;
        }

        string? text = null;
        var reader = new Utf8JsonReader(Auth.Span, PacketData.ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isWanted = !reader.ValueIsEscaped && reader.ValueTextEquals(name); // What is escaped may be no text at all.
            reader.Read();
            if (isWanted)
            {
                text = reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped ? reader.GetString() : null;
            }

            reader.Skip();
        }

        return text;
    }

    /// <summary>The client's address as the server sees it, or null if there is none.</summary>
    public IPAddress? RemoteAddress => _request.RemoteAddress;

    /// <summary>Who the application's authentication says it is.</summary>
    public ClaimsPrincipal User => _request.User;

    /// <summary>Whether the first request came over TLS.</summary>
    public bool IsSecure => _request.IsSecure;

    /// <summary>Path of the first request.</summary>
    public string Path => _request.Path.Value ?? "/";

    /// <summary>What <see cref="EngineIO.EngineIOOptions.Remember"/> kept of the first request; null if nothing.</summary>
    public object? Remembered => _request.Remembered;

    /// <summary>When the session was opened.</summary>
    public DateTimeOffset Time => _request.Time;
}
