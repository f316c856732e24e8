using System.Buffers;
using System.Globalization;

namespace SecretBridge.DevVault;

/// <summary>Durations as Go spells them (3h25m19s) and as Vault accepts them (seconds, or with a unit).</summary>
internal static class GoDuration
{
    private static readonly (string Unit, double Seconds)[] Units =
        [("ms", 1e-3), ("us", 1e-6), ("ns", 1e-9), ("h", 3600), ("m", 60), ("s", 1)];

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    public static string Format(TimeSpan span)
    {
        if (span == TimeSpan.Zero)
        {
            return "0s";
        }

        string sign = span < TimeSpan.Zero ? "-" : "";
        span = span.Duration();
        if (span < TimeSpan.FromSeconds(1))
        {
            return sign + span.TotalMilliseconds.ToString("0.####", CultureInfo.InvariantCulture) + "ms";
        }
        double seconds = span.Seconds + ((span.Ticks % TimeSpan.TicksPerSecond) / (double)TimeSpan.TicksPerSecond);
        string tail = seconds.ToString("0.#######", CultureInfo.InvariantCulture) + "s";
        long hours = (long)span.TotalHours;
        return hours > 0 ? $"{sign}{hours}h{span.Minutes}m{tail}"
            : span.Minutes > 0 ? $"{sign}{span.Minutes}m{tail}"
            : sign + tail;
    }

    /// <summary>Without the zeros that Go leaves at the end: 768h, not 768h0m0s.</summary>
    public static string FormatShort(TimeSpan span)
    {
        string text = Format(span);
        if (text.EndsWith("m0s", StringComparison.Ordinal))
        {
            text = text[..^2];
        }
        return text.EndsWith("h0m", StringComparison.Ordinal) ? text[..^2] : text;
    }

    /// <summary>Null and the text of Go's error where the input is no duration.</summary>
    public static TimeSpan? Parse(string text, VaultFlavour flavour, out string error)
    {
        error = "";
        if (text.Length == 0)
        {
            return TimeSpan.Zero;
        }
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long plain))
        {
            return TimeSpan.FromSeconds(plain);
        }
        if (text[^1] is 's' or 'm' or 'h')
        {
            if (ParseUnits(text) is { } span)
            {
                return span;
            }
            error = $"time: invalid duration \"{text}\"";
            return null;
        }

        // OpenBao takes a final d for days, and its error then shows the text without it.
        string digits = flavour == VaultFlavour.OpenBao && text[^1] == 'd' ? text[..^1] : text;
        if (digits != text && long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long days))
        {
            return TimeSpan.FromDays(days);
        }
        error = $"strconv.ParseInt: parsing \"{digits}\": invalid syntax";
        return null;
    }

    private static TimeSpan? ParseUnits(string text)
    {
        bool negative = text[0] == '-';
        ReadOnlySpan<char> rest = text.AsSpan(negative || text[0] == '+' ? 1 : 0);
        double total = 0;
        while (!rest.IsEmpty)
        {
            int length = rest.IndexOfAnyExcept(Digits);
            if (length <= 0 || !double.TryParse(rest[..length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count))
            {
                return null;
            }
            rest = rest[length..];
            bool known = false;
            foreach ((string unit, double seconds) in Units)
            {
                if (rest.StartsWith(unit, StringComparison.Ordinal))
                {
                    total += count * seconds;
                    rest = rest[unit.Length..];
                    known = true;
                    break;
                }
            }
            if (!known)
            {
                return null;
            }
        }
        return TimeSpan.FromSeconds(negative ? -total : total);
    }
}
