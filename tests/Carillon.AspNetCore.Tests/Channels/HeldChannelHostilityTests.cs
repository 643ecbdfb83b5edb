namespace Carillon.AspNetCore.Tests.Channels;

public sealed class HeldChannelHostilityTests() : ChannelHostilityTests(held: true);
