using Carillon.Access;

namespace Carillon.Tests.Hubs;

internal sealed class Revocable : ITokenStatus
{
    private volatile bool _isRevoked;

    public bool IsRevoked
    {
        get => _isRevoked;
        set => _isRevoked = value;
    }
}
