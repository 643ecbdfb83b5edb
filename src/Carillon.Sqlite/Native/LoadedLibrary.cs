namespace Carillon.Sqlite.Native;

/// <summary>The SQLite library that this process uses.</summary>
/// <param name="IsSystem">True when it is the system's, false when it is the bundled one.</param>
/// <param name="Name">Its file name as it was asked for.</param>
/// <param name="Version">Its version, such as <c>3.40.1</c>.</param>
internal sealed record LoadedLibrary(bool IsSystem, string Name, string Version);
