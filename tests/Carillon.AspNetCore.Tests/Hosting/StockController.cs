using System.Text;
using Carillon.Publishing;
using Carillon.Topics;
using Microsoft.AspNetCore.Mvc;

namespace Carillon.AspNetCore.Tests.Hosting;

/// <summary>A controller of the application that has the hubs.</summary>
[ApiController]
[Route("stock")]
public sealed class StockController(HubDirectory hubs) : ControllerBase
{
    /// <summary>Publishes how many are left of an article, in both hubs.</summary>
    [HttpPut("{article}")]
    public async Task<ActionResult<string>> PutAsync(string article, [FromBody] int left, CancellationToken cancellationToken)
    {
        foreach (string hub in new[] { "chat", "shop" })
        {
            byte[] payload = Encoding.UTF8.GetBytes($"\"{hub}: {left} of {article}\"");
            PublishResult result = await hubs[hub].PublishAsync(new PublishRequest { Topic = TopicName.Create("echo"), Payload = payload }, cancellationToken);
            if (!result.Accepted)
            {
                return Problem(result.Error.Message);
            }
        }

        return $"{User.Identity?.Name} has counted";
    }
}
