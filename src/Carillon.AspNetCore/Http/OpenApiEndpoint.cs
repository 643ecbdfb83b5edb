using Microsoft.AspNetCore.Http;

namespace Carillon.AspNetCore.Http;

/// <summary><c>GET /openapi.json</c>: the document that is kept beside this file; a test holds it against the routes.</summary>
internal static class OpenApiEndpoint
{
    private static readonly byte[] Document = Read();

    public static async Task InvokeAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = Document.Length;
        await context.Response.Body.WriteAsync(Document, context.RequestAborted);
    }

    private static byte[] Read()
    {
        using Stream resource = typeof(OpenApiEndpoint).Assembly.GetManifestResourceStream("openapi.json")!;
        byte[] document = new byte[resource.Length];
        resource.ReadExactly(document);
        return document;
    }
}
