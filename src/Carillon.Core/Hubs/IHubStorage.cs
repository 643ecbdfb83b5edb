using Carillon.Engines;

namespace Carillon.Hubs;

/// <summary>Where the hubs of an application keep what they keep. What one hub stores no other ever sees.</summary>
/// <remarks>Whoever made it disposes it, after the hubs.</remarks>
public interface IHubStorage
{
    /// <summary>Prepares a hub's engine and store, not started; called once for each hub.</summary>
    /// <param name="hub">The hub's name, as <see cref="HubName"/> has it; the same name finds the same messages again after a restart, if they outlive the process at all.</param>
    /// <param name="options">What its engine needs to know.</param>
    HubStores Open(string hub, EngineOptions options);
}
