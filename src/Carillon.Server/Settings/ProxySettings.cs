using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Network = System.Net.IPNetwork;

namespace Carillon.Server.Settings;

/// <summary>Reverse proxies that are believed when they say from where a request came.</summary>
public sealed class ProxySettings
{
    /// <summary>Addresses and networks that they connect from, such as <c>127.0.0.1</c> and <c>10.0.0.0/8</c>. Default: none, and a client's address is that of its connection.</summary>
    public IReadOnlyList<string> Trusted { get; init; } = [];

    /// <summary>The header in which they name the client. Default: <c>X-Forwarded-For</c>.</summary>
    public string Header { get; init; } = ForwardedHeadersDefaults.XForwardedForHeaderName;

    /// <summary>For the host: each trusted proxy is believed about the one before it, and nobody else.</summary>
    private ForwardedHeadersOptions ToOptions()
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardedForHeaderName = Header, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (string trusted in Trusted)
        {
            options.KnownIPNetworks.Add(NetworkOf(trusted)!.Value);
        }

        return options;
    }

    /// <summary>
    /// Has requests pass through <see cref="ToOptions"/>; does nothing where no proxy is trusted. Where the header of one cannot be read, the client's address is unknown rather than the proxy's: what is
    /// open to the proxy's own machine is not open to that client.
    /// </summary>
    internal void Use(IApplicationBuilder app)
    {
        if (Trusted.Count == 0)
        {
            return;
        }

        ForwardedHeadersOptions options = ToOptions();
        app.UseForwardedHeaders(options);
        app.Use((context, next) =>
        {
            // What the middleware has understood it takes away.
            bool isUnread = context.Request.Headers.ContainsKey(Header) && context.Connection.RemoteIpAddress is { } address && IsTrusted(address);
            context.Connection.RemoteIpAddress = isUnread ? null : context.Connection.RemoteIpAddress;
            return next(context);
        });

        bool IsTrusted(IPAddress address) => options.KnownIPNetworks.Any(network => network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));
    }

    internal IEnumerable<string> Check(string key)
    {
        foreach (string trusted in Trusted.Where(static trusted => NetworkOf(trusted) is null))
        {
            yield return $"{key}:Trusted must hold addresses such as 127.0.0.1 and networks such as 10.0.0.0/8, but holds '{trusted}'";
        }

        if (Header.Length == 0 || !Header.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
        {
            yield return $"{key}:Header must be the name of a header, but is '{Header}'";
        }
    }

    // "10" and "10.1" would be addresses too, of somebody else than was meant.
    private static Network? NetworkOf(string text) => !text.Contains(':') && text.AsSpan().Count('.') != 3 ? null
        : IPAddress.TryParse(text, out IPAddress? address) ? new Network(address, address.GetAddressBytes().Length * 8)
        : Network.TryParse(text, out Network network) ? network
        : null;
}
