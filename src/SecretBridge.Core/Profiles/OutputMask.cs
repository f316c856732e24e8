using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>Replaces secrets in lines of output. It knows them as they are, line by line, and not in any encoding.</summary>
internal sealed class OutputMask
{
    // Anything shorter stands in ordinary words, so that masking it would only spoil them.
    private const int Shortest = 6;

    private readonly string[] _lines;

    internal OutputMask(IEnumerable<string> secrets) =>
        _lines = secrets.SelectMany(secret => secret.Split('\n').Select(line => line.TrimEnd('\r')))
            .Where(line => line.Length >= Shortest)
            .Distinct(StringComparer.Ordinal)
            .OrderByDescending(line => line.Length)
            .ToArray();

    internal string Apply(string line)
    {
        foreach (string secret in _lines)
        {
            line = line.Replace(secret, SealedValue.Mask, StringComparison.Ordinal);
        }

        return line;
    }
}
