namespace SecretBridge.DevVault;

/// <summary>Orders strings as their UTF-8 bytes, which is how Go sorts; .NET's ordinal order differs past U+FFFF.</summary>
internal sealed class Utf8Order : IComparer<string>
{
    public static readonly Utf8Order Instance = new();

    public int Compare(string? x, string? y)
    {
        ReadOnlySpan<char> left = x, right = y;
        int common = left.CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
        {
            return left.Length - right.Length;
        }
        return Rank(left[common]) - Rank(right[common]);
    }

    // A surrogate pair stands for a code point above all of U+E000..U+FFFF.
    private static int Rank(char unit) => unit switch
    {
        >= '\uE000' => unit - 0x800,
        >= '\uD800' => unit + 0x2000,
        _ => unit,
    };
}
