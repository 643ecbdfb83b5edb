namespace Carillon.Bench.Wire;

/// <summary>One step of an <see cref="Opening"/>.</summary>
/// <param name="Send">WebSocket frames to send; none where the server speaks first.</param>
/// <param name="Expect">How the server's answer must begin.</param>
internal sealed record OpeningStep(byte[] Send, byte[] Expect);
