using Microsoft.AspNetCore.Http;

namespace Carillon.Connections.Upgrades;

/// <summary>The head of an upgrade request.</summary>
/// <param name="Length">Its length in bytes, with the empty line.</param>
/// <param name="Path">The path, in which nothing is encoded.</param>
/// <param name="Query">The query as it was sent, with its question mark, or empty.</param>
/// <param name="Headers">The fields.</param>
internal sealed record UpgradeHead(int Length, string Path, string Query, IHeaderDictionary Headers);
