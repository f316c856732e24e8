using System.Globalization;
using System.Security;
using SecretBridge.Reporting;

namespace SecretBridge.Wire;

/// <summary>
/// The defaults that the environment gives, as the command line clients read them: <c>BAO_X</c> wins over <c>VAULT_X</c>,
/// even where it is set but empty.
/// </summary>
public sealed class VaultEnvironment
{
    private readonly Func<string, string?> _variable;
    private readonly Func<string, string?> _readFile;

    /// <summary>Reads through functions, so that nothing here touches the process by itself.</summary>
    /// <param name="variable">The value of an environment variable; null where it is not set.</param>
    /// <param name="readFile">The text of a file; null where there is none.</param>
    public VaultEnvironment(Func<string, string?> variable, Func<string, string?> readFile)
    {
        _variable = variable;
        _readFile = readFile;
    }

    /// <summary>The environment of this process.</summary>
    public static VaultEnvironment OfProcess() =>
        new(Environment.GetEnvironmentVariable, path => File.Exists(path) ? File.ReadAllText(path) : null);

    /// <summary>The server's address; null where none is set: no address is guessed.</summary>
    public string? Address => NotEmpty("ADDR");

    /// <summary>The namespace.</summary>
    public string? Namespace => NotEmpty("NAMESPACE");

    /// <summary>The mount for bare names: <c>KV_MOUNT</c>, else <c>MOUNT</c>.</summary>
    public string? DefaultMount => NotEmpty("KV_MOUNT") ?? NotEmpty("MOUNT");

    /// <summary>AppRole's role_id.</summary>
    public string? RoleId => NotEmpty("ROLE_ID");

    /// <summary>The proxy: <c>PROXY_ADDR</c>, else <c>HTTP_PROXY</c> with the prefix.</summary>
    public string? Proxy => NotEmpty("PROXY_ADDR") ?? NotEmpty("HTTP_PROXY");

    /// <summary>How long one request may take; a bare number is seconds.</summary>
    public TimeSpan? ClientTimeout => NotEmpty("CLIENT_TIMEOUT") is { } text
        ? GoDuration.Parse(text) is { Ticks: > 0 } timeout ? timeout : throw Bad("CLIENT_TIMEOUT", "a duration such as 60s")
        : null;

    /// <summary>How often a request is tried again.</summary>
    public int? MaxRetries => NotEmpty("MAX_RETRIES") is { } text
        ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int retries) ? retries : throw Bad("MAX_RETRIES", "a number from 0")
        : null;

    /// <summary>Requests a second.</summary>
    public double? RateLimit => RateParts?.Rate;

    /// <summary>How many requests may go at once before the rate counts.</summary>
    public int? RateBurst => RateParts?.Burst;

    /// <summary>How certificates are checked and shown.</summary>
    public TlsOptions Tls
    {
        get
        {
            (string? certificate, string? key) = (NotEmpty("CLIENT_CERT"), NotEmpty("CLIENT_KEY"));
            return (certificate is null) == (key is null)
                ? new()
                {
                    CaFile = NotEmpty("CACERT"),
                    CaFolder = NotEmpty("CAPATH"),
                    ClientCertificate = certificate,
                    ClientKey = key,
                    ServerName = NotEmpty("TLS_SERVER_NAME"),
                    SkipCertificateCheck = Flag("SKIP_VERIFY"),
                }
                : throw Bad(certificate is null ? "CLIENT_KEY" : "CLIENT_CERT", "set together with its other half, CLIENT_CERT or CLIENT_KEY");
        }
    }

    private (double Rate, int? Burst)? RateParts
    {
        get
        {
            if (NotEmpty("RATE_LIMIT") is not { } text)
            {
                return null;
            }

            string[] parts = text.Split(':');
            int burst = 0;
            return parts.Length <= 2
                && double.TryParse(parts[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double rate) && rate > 0
                && (parts.Length == 1 || int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out burst))
                    ? (rate, parts.Length == 1 ? null : burst)
                    : throw Bad("RATE_LIMIT", "a rate, or rate:burst");
        }
    }

    /// <summary>Refuses settings that would change what replies are.</summary>
    /// <exception cref="BridgeException"><c>WRAP_TTL</c> is set: every reply would come wrapped.</exception>
    public void Check()
    {
        if (NotEmpty("WRAP_TTL") is not null)
        {
            throw new BridgeException(FaultKind.InvalidArgument, NameOf("WRAP_TTL"),
                $"{NameOf("WRAP_TTL")} is set: it asks servers to wrap every reply, and no secret could be read. Unset it.");
        }
    }

    /// <summary>The token: <c>TOKEN</c>, else the file that the command line's login leaves in the user's folder.</summary>
    public SecureString? ReadToken() =>
        Secure(NotEmpty("TOKEN") ?? (_variable("HOME") ?? _variable("USERPROFILE")) switch
        {
            { Length: > 0 } home => _readFile(Path.Combine(home, ".vault-token")),
            _ => null,
        });

    /// <summary>AppRole's secret_id.</summary>
    public SecureString? ReadSecretId() => Secure(NotEmpty("SECRET_ID"));

    private static SecureString? Secure(string? text)
    {
        if (text?.Trim() is not { Length: > 0 } trimmed)
        {
            return null;
        }

        var secure = new SecureString();
        foreach (char c in trimmed)
        {
            secure.AppendChar(c);
        }

        secure.MakeReadOnly();
        return secure;
    }

    private string? NotEmpty(string name) => (_variable("BAO_" + name) ?? _variable("VAULT_" + name)) is { Length: > 0 } text ? text : null;

    private string NameOf(string name) => (_variable("BAO_" + name) is null ? "VAULT_" : "BAO_") + name;

    // What Go's strconv.ParseBool takes, and nothing else.
    private bool Flag(string name) => NotEmpty(name) switch
    {
        null => false,
        "1" or "t" or "T" or "TRUE" or "true" or "True" => true,
        "0" or "f" or "F" or "FALSE" or "false" or "False" => false,
        _ => throw Bad(name, "true or false"),
    };

    private BridgeException Bad(string name, string wanted) =>
        new(FaultKind.InvalidArgument, NameOf(name), $"The environment variable {NameOf(name)} must be {wanted}.");
}
