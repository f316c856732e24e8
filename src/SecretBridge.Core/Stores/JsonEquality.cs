using System.Buffers;
using System.Text.Json;

namespace SecretBridge.Stores;

/// <summary>
/// Equality of JSON values by meaning: the order of keys does not count, null is not absence, and numbers are equal by
/// decimal value or, where a server passed one through a double, by their nearest doubles. No strings are made of values.
/// </summary>
internal static class JsonEquality
{
    /// <summary>Whether two values are equal.</summary>
    /// <param name="left">One value's JSON.</param>
    /// <param name="right">The other's.</param>
    /// <param name="throughDouble">Whether numbers of equal nearest doubles are equal.</param>
    /// <param name="viaDouble">Set where only that rule made two numbers equal.</param>
    internal static bool ValueEquals(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, bool throughDouble, ref bool viaDouble)
    {
        if (left.SequenceEqual(right))
        {
            return true;
        }

        var a = new Utf8JsonReader(left, JsonIndex.Options);
        var b = new Utf8JsonReader(right, JsonIndex.Options);
        a.Read();
        b.Read();
        if (a.TokenType != b.TokenType)
        {
            return false;
        }

        switch (a.TokenType)
        {
            case JsonTokenType.String:
                return StringEquals(ref a, ref b);
            case JsonTokenType.Number:
                return NumberEquals(a.ValueSpan, b.ValueSpan, throughDouble, ref viaDouble);
            case JsonTokenType.StartArray:
                return ArrayEquals(left, right, throughDouble, ref viaDouble);
            case JsonTokenType.StartObject:
                return ObjectEquals(left, right, throughDouble, ref viaDouble);
            default:
                return true;
        }
    }

    private static bool NumberEquals(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, bool throughDouble, ref bool viaDouble)
    {
        if (JsonNumber.DecimalEquals(left, right))
        {
            return true;
        }

        bool equal = throughDouble && JsonNumber.DoubleEquals(left, right);
        viaDouble |= equal;
        return equal;
    }

    private static bool ArrayEquals(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, bool throughDouble, ref bool viaDouble)
    {
        List<Range> a = JsonIndex.Items(left);
        List<Range> b = JsonIndex.Items(right);
        if (a.Count != b.Count)
        {
            return false;
        }

        for (int i = 0; i < a.Count; i++)
        {
            if (!ValueEquals(left[a[i]], right[b[i]], throughDouble, ref viaDouble))
            {
                return false;
            }
        }

        return true;
    }

    private static bool ObjectEquals(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, bool throughDouble, ref bool viaDouble)
    {
        Dictionary<string, Range> a = JsonIndex.Members(left);
        Dictionary<string, Range> b = JsonIndex.Members(right);
        if (a.Count != b.Count)
        {
            return false;
        }

        foreach ((string name, Range value) in a)
        {
            if (!b.TryGetValue(name, out Range other) || !ValueEquals(left[value], right[other], throughDouble, ref viaDouble))
            {
                return false;
            }
        }

        return true;
    }

    private static bool StringEquals(ref Utf8JsonReader a, ref Utf8JsonReader b)
    {
        if (!b.ValueIsEscaped)
        {
            return a.ValueTextEquals(b.ValueSpan);
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(b.ValueSpan.Length);
        try
        {
            int length = b.CopyString(buffer);
            return a.ValueTextEquals(buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }
}
