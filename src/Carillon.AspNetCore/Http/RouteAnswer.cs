using System.Globalization;
using System.Text.Json;
using Carillon.AspNetCore.Commands;
using Carillon.Errors;
using Microsoft.AspNetCore.Http;

namespace Carillon.AspNetCore.Http;

/// <summary>The contract's answer to a publish on a route: <c>{"success": [topic], "errors": [], "nonce"}</c>.</summary>
internal static class RouteAnswer
{
    /// <summary>Sends it, with the status of the error's code; an unknown topic is 400 here, because the contract says so.</summary>
    public static Task SendAsync(HttpContext context, string topic, Error? error, string? nonce)
    {
        JsonBuffer buffer = JsonBuffer.Start(out Utf8JsonWriter json);
        json.WriteStartObject();
        json.WriteStartArray("success"u8);
        if (error is null)
        {
            json.WriteStringValue(topic);
        }

        json.WriteEndArray();
        json.WriteStartArray("errors"u8);
        if (error is not null)
        {
            WriteError(json, topic, error);
        }

        json.WriteEndArray();
        WriteNonce(json, nonce);
        json.WriteEndObject();
        if (error is { Code.Retryable: true })
        {
            context.Response.Headers.RetryAfter = "1";
        }

        return HttpAnswer.SendAsync(context, StatusOf(error), buffer);
    }

    private static int StatusOf(Error? error) => error switch
    {
        null => StatusCodes.Status200OK,
        _ when error.Code == ErrorCode.TopicNotFound => StatusCodes.Status400BadRequest,
        _ => error.Code.HttpStatus,
    };

    private static void WriteError(Utf8JsonWriter json, string topic, Error error)
    {
        json.WriteStartObject();
        json.WriteString("topic"u8, topic);
        json.WriteString("code"u8, error.Code.Name);
        json.WriteString("message"u8, error.Message);
        if (error.Field is not null)
        {
            json.WriteString("field"u8, error.Field);
        }

        if (error.Code.Retryable)
        {
            json.WriteBoolean("retryable"u8, value: true);
        }

        json.WriteEndObject();
    }

    // As it came: a number as a number, anything else as text.
    private static void WriteNonce(Utf8JsonWriter json, string? nonce)
    {
        if (nonce is null)
        {
            json.WriteNull("nonce"u8);
        }
        else if (long.TryParse(nonce, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
        {
            json.WriteNumber("nonce"u8, number);
        }
        else
        {
            json.WriteString("nonce"u8, nonce);
        }
    }
}
