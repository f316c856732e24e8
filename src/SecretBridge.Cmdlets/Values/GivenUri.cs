using System.Buffers;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Values;

/// <summary>The reference of a secret to write. Where a secret's text came in its place, it is not repeated.</summary>
internal static class GivenUri
{
    private const string Hidden = "(not shown)";
    private static readonly SearchValues<char> NotInNames = SearchValues.Create("{}[]\"=;,");

    /// <exception cref="BridgeException">It is no reference (<see cref="FaultKind.InvalidReference"/>).</exception>
    /// <param name="uri">What was given.</param>
    /// <param name="home">The parameters that a secret goes to.</param>
    internal static void Check(string uri, string home = "-Data, -Json or -JsonPath")
    {
        if (!MayBeShown(uri))
        {
            throw new BridgeException(FaultKind.InvalidReference, Hidden,
                $"What was given as -Uri is no reference. It is not shown: it may be the secret itself, which goes to {home}. Write a reference as vault://mount/path.");
        }
    }

    /// <summary>The reference, as rows and messages may show it.</summary>
    internal static string Shown(string uri) => MayBeShown(uri) ? uri : Hidden;

    // A bare name may be a reference too, but none that looks like JSON, PEM or a connection string.
    private static bool MayBeShown(string uri)
    {
        if (uri.StartsWith("vault://", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        try
        {
            SecretReference.Parse(uri);
            return uri.AsSpan().IndexOfAny(NotInNames) < 0;
        }
        catch (BridgeException)
        {
            return false;
        }
    }
}
