using System.Text;
using System.Text.RegularExpressions;
using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>The rules of a profile that can be told by looking at it: shape, names, limits, tokens that say when they end.</summary>
internal sealed partial class ProfileRules(StoreLocation location, SecretPayload payload, TimeProvider time)
{
    // Linux passes no longer variable to a process; Windows none longer than 32 767 characters.
    private const int MaximumVariable = 128 * 1024;

    // What Vault on Consul stores at most; on integrated storage it is twice as much.
    private const int MaximumPayload = 512 * 1024;

    private static readonly TimeSpan Soon = TimeSpan.FromHours(24);
    private static readonly Regex Dangerous = DangerousName();

    private readonly List<ProfileFinding> _findings = [];

    /// <summary>What was found, in the order of the rules, and the profile where its shape allows to read it.</summary>
    internal (List<ProfileFinding> Findings, SealedProfile? Profile) Look()
    {
        var shape = new ProfileShape(location.Uri, payload);
        foreach ((string key, string message) in shape.Flaws())
        {
            Add(ProfileSeverity.Error, key, "Schema", message);
        }

        if (_findings.Count > 0)
        {
            return (_findings, null);
        }

        foreach (string key in shape.UnknownKeys)
        {
            Add(ProfileSeverity.Warning, key, "UnknownKey", $"A profile knows no key '{key}'; nothing uses it, and it is not masked.");
        }

        SealedProfile profile = shape.Read(location.Path.Name);
        Whole(profile);
        foreach ((string name, string value) in profile.Environment)
        {
            Variable($"env.{name}", name, value);
            if (TokenLook.IsSecret(value))
            {
                Add(ProfileSeverity.Warning, $"env.{name}", "SecretInEnv", "It looks like a secret and stands among the settings, which are shown in clear. Move it: Set-SealedProfile -Secret.");
            }
        }

        foreach ((string name, SealedValue value) in profile.Secrets)
        {
            Secret($"secrets.{name}", name, value);
        }

        Twins(profile);
        return (_findings, profile);
    }

    internal void Expiry(string key, DateTimeOffset? expires, string what)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (expires <= now)
        {
            Add(ProfileSeverity.Error, key, "ExpiredToken", $"The {what} ended {expires:u}. Get a new one and write it with Set-SealedProfile.");
        }
        else if (expires - now < Soon)
        {
            Add(ProfileSeverity.Warning, key, "ExpiringToken", $"The {what} ends {expires:u}.");
        }
    }

    internal void Add(ProfileSeverity severity, string? key, string rule, string message) =>
        _findings.Add(new() { Uri = location.Uri, Name = location.Path.Name, Severity = severity, Key = key is "" ? null : key, Rule = rule, Message = message });

    private void Whole(SealedProfile profile)
    {
        if (profile.Name != location.Path.Name)
        {
            Add(ProfileSeverity.Information, "name", "NameDiffers", $"It calls itself '{profile.Name}', but is found as '{location.Path.Name}'.");
        }

        (string Key, string Value)[] found = [("description", profile.Description ?? ""), ("owner", profile.Owner ?? ""),
            .. ProfileMetadata.Lists(ProfileFacts.Of(profile))];
        foreach ((string key, string value) in found.Where(entry => !ProfileMetadata.Fits(entry.Value)))
        {
            Add(ProfileSeverity.Warning, key, "MetadataLimit", "Custom metadata holds 512 bytes of printable text: -MetadataOnly cannot tell this key.");
        }

        if (location.Store.WhyNotHold(location.Path, payload) is { } reason)
        {
            Add(ProfileSeverity.Error, null, "StoreLimit", $"Its store could not hold it again: {reason}.");
        }

        if (payload.Length > MaximumPayload)
        {
            Add(ProfileSeverity.Warning, null, "Size", $"It has {payload.Length} bytes; Vault on Consul refuses more than {MaximumPayload}.");
        }
    }

    private void Secret(string key, string name, SealedValue value)
    {
        string? text = value.Reveal();
        if (string.IsNullOrEmpty(text))
        {
            Add(ProfileSeverity.Warning, key, "EmptySecret", "It has no value.");
            return;
        }

        Variable(key, name, text);
        if (value.Json is [(byte)'{' or (byte)'[', ..])
        {
            Add(ProfileSeverity.Information, key, "NestedSecret", "It is an object or a list; a process gets it as JSON text.");
        }

        if (TokenLook.Claims(text) is { } claims)
        {
            Expiry(key, claims.Expires, "JSON web token");
            if (claims.NotBefore > time.GetUtcNow())
            {
                Add(ProfileSeverity.Warning, key, "TokenNotYetValid", $"The JSON web token begins {claims.NotBefore:u}.");
            }
        }
    }

    private void Variable(string key, string name, string value)
    {
        if (VariableFlaw(name, value) is { } flaw)
        {
            Add(ProfileSeverity.Error, key, "VariableName", flaw);
        }
        else if (!PortableName().IsMatch(name))
        {
            Add(ProfileSeverity.Warning, key, "VariableName", "Shells take only letters, digits and '_' in a variable's name, and no digit first.");
        }
        else if (Dangerous.IsMatch(name))
        {
            Add(ProfileSeverity.Warning, key, "ReservedName", "This variable decides which code a process runs; the one of the machine is replaced.");
        }

        if (Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(value) + 2 > MaximumVariable)
        {
            Add(ProfileSeverity.Warning, key, "VariableSize", $"No process on Linux takes a variable of more than {MaximumVariable} bytes.");
        }
    }

    /// <summary>Why no process can take a variable; null where one can.</summary>
    internal static string? VariableFlaw(string name, string value) =>
        name.Length == 0 || name.AsSpan().IndexOfAny('=', '\0') >= 0 ? "No process takes a variable of this name: it is empty or holds '=' or a null character."
        : value.Contains('\0', StringComparison.Ordinal) ? "No process takes its value: it holds a null character."
        : null;

    private void Twins(SealedProfile profile)
    {
        string[] names = [.. profile.Environment.Keys, .. profile.Secrets.Keys];
        foreach (IGrouping<string, string> twins in names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            bool isSame = twins.Distinct(StringComparer.Ordinal).Count() < twins.Count();
            Add(isSame ? ProfileSeverity.Error : ProfileSeverity.Warning, $"secrets.{twins.Last()}", "DuplicateName", isSame
                ? "It stands in env and in secrets; which one is meant cannot be told."
                : "It differs from another name by case only; on Windows they are one variable.");
        }
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex PortableName();

    [GeneratedRegex("^(PATH|LD_.*|DYLD_.*|PSMODULEPATH|PYTHONPATH|NODE_OPTIONS|BASH_ENV|ENV|IFS|PERL5OPT|RUBYOPT|JAVA_TOOL_OPTIONS|DOTNET_STARTUP_HOOKS)$", RegexOptions.IgnoreCase)]
    private static partial Regex DangerousName();
}
