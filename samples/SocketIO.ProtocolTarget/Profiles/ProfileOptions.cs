using Carillon.SocketIO;
using Carillon.SocketIO.EngineIO;
using Carillon.SocketIO.Recovery;

namespace SocketIO.ProtocolTarget.Profiles;

/// <summary>Each profile's settings.</summary>
internal static class ProfileOptions
{
    private static readonly string[] AnyOrigin = ["*"];

    public static EngineIOOptions EngineOf(Profile profile) => Apply(profile, new EngineIOOptions());

    public static SocketIOOptions SocketIOOf(Profile profile)
    {
        SocketIOOptions options = Apply(profile, new SocketIOOptions());
        if (profile == Profile.Suite)
        {
            options.ConnectTimeout = TimeSpan.FromSeconds(1);
        }
        else
        {
            options.ConnectionStateRecovery = new ConnectionStateRecoveryOptions();
        }

        return options;
    }

    private static TOptions Apply<TOptions>(Profile profile, TOptions options)
        where TOptions : EngineIOOptions
    {
        options.AllowedOrigins = AnyOrigin;
        switch (profile)
        {
            case Profile.Suite:
                options.PingInterval = TimeSpan.FromMilliseconds(300);
                options.PingTimeout = TimeSpan.FromMilliseconds(200);
                break;
            case Profile.Client:
                options.PingInterval = TimeSpan.FromSeconds(2);
                options.AllowRequest = static async context =>
                {
                    // No handshake in less than 10 ms: the client's tests look at its state before that.
                    await Task.Delay(TimeSpan.FromMilliseconds(12), context.RequestAborted);
                    return null;
                };
                break;
        }

        return options;
    }
}
