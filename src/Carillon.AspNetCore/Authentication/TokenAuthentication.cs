using Carillon.Access;
using Carillon.AspNetCore.Authentication.ApiKeys;
using Carillon.AspNetCore.Authentication.Jwt;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Carillon.AspNetCore.Authentication;

/// <summary>Adds the token schemes of Carillon to the authentication of an application.</summary>
public static class TokenAuthentication
{
    /// <summary>
    /// Adds API keys as the scheme <see cref="TokenSchemes.ApiKeys"/>: <c>Authorization: ApiKey …</c> or <c>Bearer …</c>. The <see cref="ApiKeyRing"/> among the services
    /// reloads and revokes them.
    /// </summary>
    /// <param name="builder">The application's authentication.</param>
    /// <param name="keys">The keys from the start.</param>
    /// <param name="configure">How requests bring them; null for the defaults.</param>
    /// <exception cref="OptionsValidationException">The keys have faults; it names them all.</exception>
    public static AuthenticationBuilder AddCarillonApiKeys(
        this AuthenticationBuilder builder, IReadOnlyList<ApiKeySettings> keys, Action<TokenAuthenticationOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton(new ApiKeyRing(keys));
        builder.Services.AddSingleton<ITokenVerifier, ApiKeyVerifier>();
        return AddScheme(builder, TokenSchemes.ApiKeys, TokenTypes.ApiKey, configure);
    }

    /// <summary>
    /// Adds JSON Web Tokens as the scheme <see cref="TokenSchemes.Jwt"/>: <c>Authorization: Bearer …</c>. The <see cref="JwtVerifier"/> among the services takes other options
    /// while running.
    /// </summary>
    /// <param name="builder">The application's authentication.</param>
    /// <param name="options">Which tokens are accepted.</param>
    /// <param name="configure">How requests bring them; null for the defaults.</param>
    /// <exception cref="OptionsValidationException">The options have faults; it names them all.</exception>
    public static AuthenticationBuilder AddCarillonJwt(this AuthenticationBuilder builder, JwtOptions options, Action<TokenAuthenticationOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Check(nameof(JwtOptions)) is { Count: > 0 } problems)
        {
            throw new OptionsValidationException(nameof(JwtOptions), typeof(JwtOptions), problems);
        }

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services =>
            new JwtVerifier(options, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<JwtVerifier>>()));
        builder.Services.AddSingleton<ITokenVerifier>(static services => services.GetRequiredService<JwtVerifier>());
        return AddScheme(builder, TokenSchemes.Jwt, TokenTypes.Jwt, configure);
    }

    /// <summary>
    /// Adds the scheme <see cref="TokenSchemes.Any"/>, which hands each request to the scheme of the token that it brings, and to that of JSON Web Tokens if it brings none.
    /// Make it the default scheme where both kinds live beside each other; with only one of them it is that one.
    /// </summary>
    public static AuthenticationBuilder AddCarillonTokens(this AuthenticationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<TokenVerifiers>();
        return builder.AddPolicyScheme(TokenSchemes.Any, displayName: null, static options => options.ForwardDefaultSelector = ChooseScheme);
    }

    private static string ChooseScheme(HttpContext context)
    {
        IReadOnlyList<string> types = context.RequestServices.GetRequiredService<TokenVerifiers>().Types;
        string wanted = RequestToken.TypeOf(context.Request) ?? TokenTypes.Jwt;
        bool keys = types.Contains(TokenTypes.ApiKey) && (wanted == TokenTypes.ApiKey || !types.Contains(TokenTypes.Jwt));
        return keys ? TokenSchemes.ApiKeys : TokenSchemes.Jwt;
    }

    private static AuthenticationBuilder AddScheme(AuthenticationBuilder builder, string scheme, string type, Action<TokenAuthenticationOptions>? configure)
    {
        builder.Services.TryAddSingleton<TokenVerifiers>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<LoggerFilterOptions>, QueryTokenLogFilter>());
        return builder.AddScheme<TokenAuthenticationOptions, TokenAuthenticationHandler>(scheme, options =>
        {
            options.TokenType = type;
            configure?.Invoke(options);
        });
    }
}
