using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SecretBridge.Profiles;

/// <summary>Knows by their look values that are tokens and keys.</summary>
internal static partial class TokenLook
{
    internal static bool IsVaultToken(string value) => VaultToken().IsMatch(value);

    /// <summary>Whether it is of a kind that never is a plain setting.</summary>
    internal static bool IsSecret(string value) => IsVaultToken(value) || Claims(value) is not null || PrivateKey().IsMatch(value) || KnownPrefix().IsMatch(value);

    /// <summary>When a JWT ends and begins, as it says itself; null where it is no JWT. Its signature is nobody's business here.</summary>
    internal static (DateTimeOffset? Expires, DateTimeOffset? NotBefore)? Claims(string value)
    {
        string[] parts = value.Split('.');
        if (parts.Length != 3 || !parts[0].StartsWith("eyJ", StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            using var claims = JsonDocument.Parse(Convert.FromBase64String(Padded(parts[1])));
            return claims.RootElement.ValueKind == JsonValueKind.Object ? (Time(claims.RootElement, "exp"), Time(claims.RootElement, "nbf")) : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }
    }

    private static DateTimeOffset? Time(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out JsonElement claim) && claim.ValueKind == JsonValueKind.Number && claim.GetDouble() is > 0 and < 253402300799 and var seconds
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;

    private static string Padded(string base64Url) =>
        new StringBuilder(base64Url).Replace('-', '+').Replace('_', '/').Append('=', (4 - (base64Url.Length % 4)) % 4).ToString();

    [GeneratedRegex(@"^(hvs|hvb|hvr|s|b|r)\.[A-Za-z0-9_\-.]{20,}$")]
    private static partial Regex VaultToken();

    [GeneratedRegex("-----BEGIN [A-Z ]*PRIVATE KEY-----")]
    private static partial Regex PrivateKey();

    [GeneratedRegex(@"^(gh[pousr]_|github_pat_|glpat-|xox[abprs]-|sk_live_|AKIA|ASIA)[A-Za-z0-9_\-]{12,}$")]
    private static partial Regex KnownPrefix();
}
