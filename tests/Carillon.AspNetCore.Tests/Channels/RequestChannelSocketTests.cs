namespace Carillon.AspNetCore.Tests.Channels;

public sealed class RequestChannelSocketTests() : ChannelSocketTests(held: false);
