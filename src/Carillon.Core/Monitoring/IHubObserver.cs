using Carillon.Consumers;
using Carillon.Deliveries;

namespace Carillon.Monitoring;

/// <summary>Sees everything that happens in a hub. Only for those who may: monitors, never ordinary subscribers.</summary>
/// <remarks>Calls come from several threads, except <see cref="OnMessages"/>, which comes from the fan-out loop only. None may block or throw.</remarks>
public interface IHubObserver
{
    /// <summary>Messages of any topics were stored. Valid during the call, see <see cref="Delivery"/>.</summary>
    void OnMessages(Delivery delivery);

    /// <summary>A subscription went live.</summary>
    void OnSubscribed(SubscriptionRecord subscription);

    /// <summary>A subscription ended.</summary>
    void OnUnsubscribed(SubscriptionRecord subscription);

    /// <summary>A consumption was recorded for the first time.</summary>
    void OnConsumed(Consumption consumption);
}
