using Carillon.Access;
using Carillon.Errors;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.AspNetCore.Hosting;

/// <summary>Those whom an authorization policy of the application lets in. Each question has a scope of services of its own: a connection's request has long ended.</summary>
internal sealed class PolicyAccess(string policy, IServiceProvider services) : TopicAccess
{
    public string Policy { get; } = policy;

    public override string Words => $"those whom the policy '{Policy}' lets in";

    public override async ValueTask<Error?> CheckAsync(AccessRequest request, CancellationToken cancellationToken)
    {
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        try
        {
            var authorization = scope.ServiceProvider.GetRequiredService<IAuthorizationService>();
            AuthorizationResult result = await authorization.AuthorizeAsync(request.Requester.User, request, Policy);
            return result.Succeeded ? null : Refuse(request, Words);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            throw new InvalidOperationException($"The authorization policy '{Policy}' failed", fault);
        }
    }

    /// <summary>Whether the application has such a policy.</summary>
    public async Task<bool> ExistsAsync() =>
        services.GetService<IAuthorizationPolicyProvider>() is { } provider && await provider.GetPolicyAsync(Policy) is not null;
}
