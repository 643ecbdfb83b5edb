using System.Globalization;

namespace Carillon.Bench.Load;

/// <summary>Who receives what in a <see cref="RoomLoad"/>.</summary>
/// <param name="Rooms">A power of ten: message number n goes to the room that the last digits of n name.</param>
/// <param name="Members">Of each room.</param>
/// <param name="PayloadSize">Bytes of a payload.</param>
internal sealed record RoomScenario(int Rooms, int Members, int PayloadSize)
{
    /// <summary>Deliveries under way at most: it bounds what the machine's socket buffers must hold.</summary>
    private const int MostDeliveries = 256_000;

    private const int WindowMessages = 256;
    private const int PacedMessages = 1000;

    /// <summary>Messages under way when it goes as fast as it can.</summary>
    public int Window => Math.Max(Rooms, Math.Min(WindowMessages, MostDeliveries / Members));

    /// <summary>Messages under way at most when they come at a fixed rate: a server that cannot keep up falls behind the rate, not without end.</summary>
    public int MostUnderWay => Math.Min(PacedMessages, MostDeliveries / Members);

    /// <summary>The name of any room, its number a run of <c>#</c>.</summary>
    public string RoomPattern => Rooms == 1 ? "room" : $"room-{new string('#', Digits)}";

    private int Digits => (Rooms - 1).ToString(CultureInfo.InvariantCulture).Length;

    public string RoomName(int room) => Rooms == 1 ? "room" : $"room-{room.ToString($"D{Digits}", CultureInfo.InvariantCulture)}";

    public override string ToString() =>
        $"{(Rooms == 1 ? $"broadcast to {Members:N0}" : $"{Rooms:N0} rooms of {Members:N0}")}, {(PayloadSize == 1024 ? "1 KiB" : $"{PayloadSize} B")}";
}
