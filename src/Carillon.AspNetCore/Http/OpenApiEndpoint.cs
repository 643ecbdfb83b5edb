using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Carillon.AspNetCore.Http;

/// <summary><c>GET /openapi.json</c>: the document that is kept beside this file; a test holds it against the routes.</summary>
internal static class OpenApiEndpoint
{
    private static readonly byte[] Document = Read();

    public static async Task InvokeAsync(HttpContext context)
    {
        byte[] document = At(context.Request.PathBase + context.Request.Path);
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = document.Length;
        await context.Response.Body.WriteAsync(document, context.RequestAborted);
    }

    // The document's paths are those of a hub at the root; of another it says where they begin.
    private static byte[] At(string address)
    {
        string prefix = address[..address.LastIndexOf('/')];
        return prefix.Length == 0
            ? Document
            : [(byte)'{', .. Encoding.UTF8.GetBytes($"\"servers\": [{{ \"url\": \"{JsonEncodedText.Encode(prefix)}\" }}],"), .. Document.AsSpan(Document.AsSpan().IndexOf((byte)'{') + 1)];
    }

    private static byte[] Read()
    {
        using Stream resource = typeof(OpenApiEndpoint).Assembly.GetManifestResourceStream("openapi.json")!;
        byte[] document = new byte[resource.Length];
        resource.ReadExactly(document);
        return document;
    }
}
