using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Inventory;

/// <summary>Finds the keys of a payload that a search is for: by their names, by a value, or by a pattern of values.</summary>
internal sealed class ValueMatch : IDisposable
{
    private readonly PayloadLeaves _leaves;
    private readonly Regex? _pattern;
    private readonly RunDigest? _digest;
    private readonly RunDigest.Mark _wanted;

    /// <exception cref="BridgeException">The pattern cannot be used.</exception>
    internal ValueMatch(FindOptions options)
    {
        _leaves = new(options.KeyName);
        _pattern = SearchPattern.Of(options.ValuePattern, nameof(options.ValuePattern));
        if (options.Value is { } value)
        {
            _digest = new(options.Fill);
            byte[] text = Encoding.UTF8.GetBytes(value.Reveal() ?? "");
            _wanted = _digest.Of(text);
            Array.Clear(text);
        }
    }

    /// <summary>The keys that are as wanted.</summary>
    /// <exception cref="BridgeException">The pattern takes too long.</exception>
    internal IReadOnlyList<string> Keys(SecretPayload payload)
    {
        if (_digest is null && _pattern is null)
        {
            return _leaves.Keys(payload);
        }

        var keys = new List<string>();
        _leaves.Values(payload, (key, type, text) =>
        {
            if (type != JsonTokenType.Null && (_digest is { } digest ? RunDigest.Equal(digest.Of(text), _wanted) : IsMatch(key, text)))
            {
                keys.Add(key);
            }
        });
        return keys;
    }

    public void Dispose() => _digest?.Dispose();

    private bool IsMatch(string key, ReadOnlySpan<byte> text)
    {
        char[] characters = ArrayPool<char>.Shared.Rent(text.Length);
        try
        {
            return _pattern!.IsMatch(characters.AsSpan(0, Encoding.UTF8.GetChars(text, characters)));
        }
        catch (RegexMatchTimeoutException)
        {
            // Not the exception itself: it holds the text.
            throw new BridgeException(FaultKind.InvalidArgument, key, $"ValuePattern takes too long on the value of '{key}'. Make it simpler.");
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters, clearArray: true);
        }
    }
}
