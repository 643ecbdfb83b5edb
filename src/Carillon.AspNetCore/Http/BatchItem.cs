using Carillon.Errors;
using Carillon.Publishing;

namespace Carillon.AspNetCore.Http;

/// <summary>One message of a batch: what is to be published, or why it cannot be.</summary>
internal readonly record struct BatchItem(PublishRequest? Request, Error? Error);
