using System.Globalization;

namespace SecretBridge.DevVault;

/// <summary>Times as RFC 3339 with Go's shortest fraction of a second.</summary>
internal static class GoTime
{
    public const string Zero = "0001-01-01T00:00:00Z";

    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    public static string Format(DateTimeOffset? time) => time is { } set ? Format(set) : "";
}
