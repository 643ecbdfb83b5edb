using System.IO.Compression;
using Carillon.Connections;

namespace Carillon.SocketIO.EngineIO;

/// <summary>When the answer to a poll is compressed: if the client accepts <c>br</c>, <c>gzip</c> or <c>deflate</c>, and a packet of it may be.</summary>
public sealed record HttpCompressionOptions
{
    /// <summary>Answers of fewer bytes are sent as they are; zero or positive. Default 1,024.</summary>
    public int Threshold { get; set; } = 1024;

    /// <summary>Speed against size. Default <see cref="CompressionLevel.Fastest"/>.</summary>
    public CompressionLevel Level { get; set; } = CompressionLevel.Fastest;

    internal void Validate()
    {
        SettingCheck.Require<HttpCompressionOptions>(Threshold >= 0, nameof(Threshold), "zero or positive");
        SettingCheck.Require<HttpCompressionOptions>(Enum.IsDefined(Level), nameof(Level), "Optimal, Fastest, NoCompression or SmallestSize");
    }
}
