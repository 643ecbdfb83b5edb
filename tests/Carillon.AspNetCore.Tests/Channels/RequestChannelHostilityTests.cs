namespace Carillon.AspNetCore.Tests.Channels;

public sealed class RequestChannelHostilityTests() : ChannelHostilityTests(held: false);
