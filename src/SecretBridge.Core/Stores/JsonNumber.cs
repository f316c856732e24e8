using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace SecretBridge.Stores;

/// <summary>Equality of JSON numbers by value, whatever their spelling.</summary>
internal static class JsonNumber
{
    private static readonly SearchValues<byte> IntegerCharacters = SearchValues.Create("-0123456789"u8);

    /// <summary>Whether two numbers are the same decimal: <c>1</c>, <c>1.0</c> and <c>10e-1</c> are.</summary>
    internal static bool DecimalEquals(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.SequenceEqual(right))
        {
            return true;
        }

        return Normalize(left) is { } a && Normalize(right) is { } b
            && a.Digits == b.Digits && (a.Digits.Length == 0 || (a.Negative == b.Negative && a.Exponent == b.Exponent));
    }

    /// <summary>Whether the doubles nearest to two numbers are the same: what a KV v2 server makes of them.</summary>
    internal static bool DoubleEquals(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        ToDouble(left) is { } a && ToDouble(right) is { } b && a == b;

    /// <summary>Whether a number read back from a double would be another decimal.</summary>
    internal static bool LosesDigits(ReadOnlySpan<byte> number) =>
        !IsShortInteger(number) && LosesDigitsInDouble(number);

    /// <summary>Whether a number is so short an integer that each double holds it exactly.</summary>
    internal static bool IsShortInteger(ReadOnlySpan<byte> number) =>
        number.Length <= 15 && !number.ContainsAnyExcept(IntegerCharacters);

    private static bool LosesDigitsInDouble(ReadOnlySpan<byte> number) =>
        ToDouble(number) is not { } value
        || !DecimalEquals(number, System.Text.Encoding.ASCII.GetBytes(value.ToString("R", CultureInfo.InvariantCulture)));

    private static double? ToDouble(ReadOnlySpan<byte> number) =>
        Utf8Parser.TryParse(number, out double value, out int consumed) && consumed == number.Length && double.IsFinite(value)
            ? value
            : null;

    // Digits without zeros at either end, and the power of ten of the last one. Null where the exponent is past any use.
    private static (bool Negative, string Digits, long Exponent)? Normalize(ReadOnlySpan<byte> number)
    {
        bool negative = number[0] == '-';
        ReadOnlySpan<byte> rest = negative ? number[1..] : number;
        long exponent = 0;
        if (rest.IndexOfAny((byte)'e', (byte)'E') is >= 0 and var e)
        {
            ReadOnlySpan<byte> power = rest[(e + 1)..];
            power = power[0] == '+' ? power[1..] : power;
            if (!Utf8Parser.TryParse(power, out exponent, out int consumed) || consumed != power.Length
                || Math.Abs(exponent) > int.MaxValue)
            {
                return null;
            }

            rest = rest[..e];
        }

        Span<byte> digits = rest.Length <= 256 ? stackalloc byte[rest.Length] : new byte[rest.Length];
        int count = 0;
        bool fraction = false;
        foreach (byte c in rest)
        {
            if (c == '.')
            {
                fraction = true;
                continue;
            }

            exponent -= fraction ? 1 : 0;
            digits[count++] = c;
        }

        ReadOnlySpan<byte> significant = digits[..count].TrimStart((byte)'0');
        int length = significant.Length;
        significant = significant.TrimEnd((byte)'0');
        return (negative, System.Text.Encoding.ASCII.GetString(significant), exponent + length - significant.Length);
    }
}
