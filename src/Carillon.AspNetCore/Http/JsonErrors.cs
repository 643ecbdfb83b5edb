using Carillon.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Carillon.AspNetCore.Http;

/// <summary>Makes an application answer its own errors in JSON too: unknown routes, wrong methods, faults.</summary>
public static class JsonErrors
{
    /// <summary>
    /// Answers what nothing else answered: 404 and 405 without a body, and exceptions, as <c>{"status": "error", "message", "code"}</c>.
    /// For applications that are nothing but a hub; put it first.
    /// </summary>
    public static IApplicationBuilder UseJsonErrors(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = AnswerFaultAsync,

            // A malformed request is its client's fault: it is answered, and no client can fill the log with stack traces.
            SuppressDiagnosticsCallback = static failed => failed.Exception is BadHttpRequestException,
        });
        return app.UseStatusCodePages(AnswerStatusAsync);
    }

    private static Task AnswerFaultAsync(HttpContext context)
    {
        // Kestrel's own complaints about a request carry their status; everything else is a fault of ours, whose cause is in the log.
        if (context.Features.Get<IExceptionHandlerFeature>()?.Error is BadHttpRequestException bad)
        {
            return HttpAnswer.SendAsync(context, bad.StatusCode switch
            {
                StatusCodes.Status408RequestTimeout => new Error(ErrorCode.RequestTimeout, "The body came too slowly"),
                StatusCodes.Status413PayloadTooLarge => new Error(ErrorCode.PayloadTooLarge, "The body is too large"),
                _ => new Error(ErrorCode.BadRequest, bad.Message),
            });
        }

        return HttpAnswer.SendAsync(context, new Error(ErrorCode.Internal, "The server failed to answer; its log has the cause"));
    }

    private static Task AnswerStatusAsync(StatusCodeContext context)
    {
        HttpContext http = context.HttpContext;
        return http.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => HttpAnswer.SendAsync(http, new Error(ErrorCode.NotFound, $"There is nothing at {http.Request.Method} {http.Request.Path}")),
            StatusCodes.Status405MethodNotAllowed =>
                HttpAnswer.SendAsync(http, new Error(ErrorCode.MethodNotAllowed, $"{http.Request.Path} does not take {http.Request.Method}; it takes {http.Response.Headers.Allow}")),
            _ => Task.CompletedTask,
        };
    }
}
