using System.ComponentModel;
using System.Text.Json.Serialization;
using Carillon.Access;

namespace Carillon.Server.Settings.Access;

/// <summary>
/// Who may: one of the words of <see cref="AccessWord"/>, or exactly one of these settings. Never the default value of a setting: the binder would fill it in beside what it holds.
/// </summary>
[TypeConverter(typeof(AccessWordConverter))]
public sealed class AccessSettings
{
    /// <summary>Applications with one of these API keys.</summary>
    public IReadOnlyList<string>? ApiKeys { get; init; }

    /// <summary>Those who have one of these roles.</summary>
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary>Those who have a claim.</summary>
    public ClaimSettings? Claim { get; init; }

    /// <summary>Those whom one of these lets in.</summary>
    public IReadOnlyList<AccessSettings>? Any { get; init; }

    /// <summary>Those whom each of these lets in.</summary>
    public IReadOnlyList<AccessSettings>? All { get; init; }

    /// <summary>The word, where one stands in place of settings.</summary>
    [JsonInclude]
    internal AccessWord? Word { get; init; }

    internal TopicAccess ToAccess() => this switch
    {
        { Word: AccessWord.Anyone } => TopicAccess.Anyone,
        { Word: AccessWord.Nobody } => TopicAccess.Nobody,
        { Word: AccessWord.Authenticated } => TopicAccess.Authenticated,
        { Word: AccessWord.ApiKey } => TopicAccess.ApiKeys(),
        { ApiKeys: { } names } => TopicAccess.ApiKeys(names),
        { Roles: { } roles } => TopicAccess.Role(roles),
        { Claim: { } claim } => TopicAccess.Claim(claim.Type, claim.Values),
        { Any: { } alternatives } => TopicAccess.Any([.. alternatives.Select(static part => part.ToAccess())]),
        { All: { } conditions } => TopicAccess.All([.. conditions.Select(static part => part.ToAccess())]),
        _ => TopicAccess.Nobody,
    };

    internal IEnumerable<string> Check(string key)
    {
        string[] given =
        [
            .. new (string Name, object? Value)[]
                {
                    ("a word", Word), (nameof(ApiKeys), ApiKeys), (nameof(Roles), Roles), (nameof(Claim), Claim), (nameof(Any), Any), (nameof(All), All),
                }
                .Where(static setting => setting.Value is not null)
                .Select(static setting => setting.Name),
        ];
        if (given is not [var only])
        {
            return [$"{key} must have exactly one of ApiKeys, Roles, Claim, Any and All, but has {(given.Length == 0 ? "none" : string.Join(", ", given))}"];
        }

        return Word is null ? CheckOnly($"{key}:{only}") : [];
    }

    private IEnumerable<string> CheckOnly(string key)
    {
        if ((ApiKeys ?? Roles) is { } names)
        {
            // An empty list would mean nobody for one and every key for the other: whoever means that has a word for it.
            return names.Count == 0 || names.Any(string.IsNullOrEmpty) ? [$"{key} must be a list of at least one name"] : [];
        }

        if (Claim is { } claim)
        {
            return claim.Type.Length == 0 ? [$"{key}:Type must name a claim"] : [];
        }

        IReadOnlyList<AccessSettings> parts = (Any ?? All)!;
        return parts.Count == 0 ? [$"{key} must hold at least one"] : parts.SelectMany((part, index) => part.Check($"{key}:{index}"));
    }
}
