namespace Carillon.AspNetCore.Tests.Channels;

public sealed class HeldChannelSocketTests() : ChannelSocketTests(held: true);
