using System.Security.Cryptography;

namespace SecretBridge.Stores.Sealed;

/// <summary>How the key of a sealed file is made of its credential.</summary>
/// <param name="Kind">What kind of credential.</param>
/// <param name="Iterations">The rounds of PBKDF2; 0 for a key file.</param>
/// <param name="Salt">The salt, in base64.</param>
internal sealed record SealedKdf(SealedKeyKind Kind, int Iterations, string Salt)
{
    internal const int LeastIterations = 220_000;
    internal const int MostIterations = 10_000_000;
    internal const int LeastSalt = 16;
    internal const int MostSalt = 64;

    internal const string Pbkdf2 = "pbkdf2-hmac-sha512";
    internal const string KeyFile = "key-file";

    /// <summary>A way with a salt of its own.</summary>
    internal static SealedKdf Create(SealedKeyKind kind, int iterations) => new(
        kind, kind == SealedKeyKind.Passphrase ? iterations : 0, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
}
