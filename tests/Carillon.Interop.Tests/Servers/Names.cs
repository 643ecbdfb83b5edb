namespace Carillon.Interop.Tests.Servers;

/// <summary>Names no other scenario uses.</summary>
internal static class Names
{
    public static string Topic(string word = "topic") => Unique(word);

    public static string Consumer(string word = "consumer") => Unique(word);

    public static string MessageId() => Unique("msg");

    private static string Unique(string word) => $"{word}-{Guid.NewGuid():N}";
}
