using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>Opens values that are references to secrets elsewhere: only a value that is nothing but a reference counts.</summary>
internal static class ProfileReferences
{
    private static readonly string[] Schemes = ["vault://", "builtin://", "scaivault://"];

    /// <summary>Whether the whole value is meant as a reference.</summary>
    internal static bool IsReference(string? value) =>
        value is not null && Array.Exists(Schemes, scheme => value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) && !value.Any(char.IsWhiteSpace);

    /// <summary>The value that a reference means; null where nobody opens references.</summary>
    /// <exception cref="BridgeException">It is none, or leads to no value. The message names the profile's key, and the reference only where
    /// it is one: anything else may be a secret.</exception>
    internal static async Task<SealedValue?> ResolveAsync(
        string uri, string key, string text, Func<string, CancellationToken, ValueTask<SealedValue>>? resolve, CancellationToken cancellationToken)
    {
        try
        {
            SecretReference.Parse(text);
        }
        catch (BridgeException exception)
        {
            throw new BridgeException(exception.Kind, uri, $"The value of '{key}' of '{uri}' begins like a reference and is none. It is not shown.");
        }

        try
        {
            return resolve is null ? null : await resolve(text, cancellationToken).ConfigureAwait(false);
        }
        catch (BridgeException exception)
        {
            throw new BridgeException(exception.Kind, uri, $"The reference '{text}' in '{key}' of '{uri}' cannot be resolved: {exception.Message}", exception);
        }
    }
}
