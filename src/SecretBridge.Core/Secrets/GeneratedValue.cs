using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Secrets;

/// <summary>Makes new values of random characters, each as likely as any other.</summary>
internal static class GeneratedValue
{
    public const string LettersAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    public const int Shortest = 8;
    public const int Longest = 1024;

    private const int FewestCharacters = 10;

    /// <exception cref="BridgeException">The length is out of bounds, or the characters are too few, repeat or are not printable ASCII
    /// (<see cref="FaultKind.InvalidArgument"/>).</exception>
    public static void Check(int length, string characters)
    {
        if (length is < Shortest or > Longest)
        {
            throw new BridgeException(FaultKind.InvalidArgument, "Length", $"Length must be from {Shortest} to {Longest}.");
        }

        if (characters.Length < FewestCharacters || characters.Distinct().Count() != characters.Length || characters.Any(c => c is < '!' or > '~'))
        {
            throw new BridgeException(FaultKind.InvalidArgument, "CharacterSet",
                $"CharacterSet must be at least {FewestCharacters} printable ASCII characters, none twice and no space.");
        }
    }

    /// <param name="length">How many characters.</param>
    /// <param name="characters">What they are chosen from; at most 256.</param>
    /// <param name="fill">Fills a buffer with random bytes.</param>
    public static SealedValue Make(int length, string characters, Action<byte[]> fill)
    {
        // A remainder would favour the first characters: bytes past the last whole multiple are drawn again.
        int limit = 256 - (256 % characters.Length);
        var chosen = new char[length];
        byte[] drawn = new byte[length * 2];
        for (int count = 0; count < length;)
        {
            fill(drawn);
            foreach (byte number in drawn)
            {
                if (number < limit && count < length)
                {
                    chosen[count++] = characters[number % characters.Length];
                }
            }
        }

        Array.Clear(drawn);
        return SealedValue.FromText(new string(chosen));
    }
}
