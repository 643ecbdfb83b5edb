using System.Net;
using System.Net.Http.Headers;

namespace Carillon.AspNetCore.Authentication.Jwt;

/// <summary>A JWK set at the configured address: no redirects, no cookies, a bounded answer in a bounded time.</summary>
internal sealed class HttpJwksSource(Uri address, TimeSpan timeout, TimeProvider time) : IJwksSource
{
    // One for all: connections are few, and they are renewed so that changes of DNS are seen.
    private static readonly HttpClient Http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        MaxResponseHeadersLength = 16,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    // Without a query, which may hold a credential.
    public string Name => address.GetLeftPart(UriPartial.Path);

    public async Task<(JwtKey[]? Keys, string? Problem)> ReadAsync(CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/jwk-set+json"));
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            using HttpResponseMessage response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return response.StatusCode == HttpStatusCode.OK
                ? await ReadBodyAsync(response, either.Token)
                : (null, $"answered with the status {(int)response.StatusCode}");
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return (null, $"did not answer within {timeout}");
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or IOException)
        {
            return (null, $"could not be fetched: {unreachable.Message}");
        }
    }

    private static async Task<(JwtKey[]? Keys, string? Problem)> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);

        // One byte more than allowed tells a set that is too large, whatever length it announced.
        byte[] text = new byte[JwksDocument.MaxBytes + 1];
        int length = await body.ReadAtLeastAsync(text, text.Length, throwOnEndOfStream: false, cancellationToken);
        return JwksDocument.Read(text.AsMemory(0, length));
    }
}
