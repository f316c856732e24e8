using System.Buffers;
using System.Globalization;

namespace SecretBridge.Wire;

/// <summary>Reads and writes the spans of time as Go servers do, such as <c>3h25m19s</c>.</summary>
internal static class GoDuration
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>Writes a duration to the tenth of a microsecond.</summary>
    public static string Format(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.Ticks / (decimal)TimeSpan.TicksPerSecond:0.#######}s");

    /// <summary>Reads a duration; bare digits are seconds. Null where the text is none.</summary>
    public static TimeSpan? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double bare))
        {
            return TimeSpan.FromSeconds(bare);
        }

        TimeSpan sum = TimeSpan.Zero;
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            int digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double amount))
            {
                return null;
            }

            rest = rest[digits..];
            int letters = rest.IndexOfAny(Digits);
            ReadOnlySpan<char> unit = letters < 0 ? rest : rest[..letters];
            double? seconds = unit switch
            {
                "h" => 3600,
                "m" => 60,
                "s" => 1,
                "ms" => 1e-3,
                "us" or "µs" => 1e-6,
                "ns" => 1e-9,
                "d" => 86400,
                _ => null,
            };
            if (seconds is null)
            {
                return null;
            }

            sum += TimeSpan.FromSeconds(amount * seconds.Value);
            rest = rest[unit.Length..];
        }

        return sum;
    }
}
