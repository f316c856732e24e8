using System.Collections.Specialized;
using System.Management.Automation;
using SecretBridge.Profiles;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Values;

/// <summary>Opens profiles for a user who asked for it.</summary>
internal static class ProfileValues
{
    private static readonly string[] UserNames = ["username", "user_name", "user"];
    private static readonly string[] Passwords = ["password", "passwd"];

    /// <summary>The profile with its secrets opened.</summary>
    internal static PSObject Opened(SealedProfile profile, Func<SealedValue, object?> open)
    {
        var plain = new PSObject();
        plain.Properties.Add(new PSNoteProperty(nameof(profile.Uri), profile.Uri));
        plain.Properties.Add(new PSNoteProperty(nameof(profile.Name), profile.Name));
        plain.Properties.Add(new PSNoteProperty(nameof(profile.Description), profile.Description));
        plain.Properties.Add(new PSNoteProperty(nameof(profile.Owner), profile.Owner));
        plain.Properties.Add(new PSNoteProperty(nameof(profile.Tags), profile.Tags));
        plain.Properties.Add(new PSNoteProperty(nameof(profile.Environment), profile.Environment));
        plain.Properties.Add(new PSNoteProperty(nameof(profile.Secrets), OpenedValues.Table(profile.Secrets, open)));
        plain.Properties.Add(new PSNoteProperty(nameof(profile.AllowedWorkflows), profile.AllowedWorkflows));
        plain.Properties.Add(new PSNoteProperty(nameof(profile.Version), profile.Version));
        return plain;
    }

    /// <summary>The sealed settings and secrets by name.</summary>
    internal static OrderedDictionary Table(SealedProfile profile) =>
        OpenedValues.Table(ProfileVariable.Of(profile).ToDictionary(variable => variable.Name, variable => variable.Value, StringComparer.Ordinal), value => value);

    /// <summary>A credential of a profile's user name and password.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="userNameKey">The key of the user name; null for the usual ones, in any case.</param>
    /// <param name="passwordKey">The key of the password; null for the usual ones, in any case.</param>
    /// <exception cref="BridgeException">It has none, or several that could be meant (<see cref="FaultKind.InvalidProfile"/>).</exception>
    internal static PSCredential Credential(SealedProfile profile, string? userNameKey, string? passwordKey)
    {
        string? userName = Find(profile, userNameKey, UserNames, nameof(userNameKey)).Reveal();
        return string.IsNullOrEmpty(userName)
            ? throw new BridgeException(FaultKind.InvalidProfile, profile.Uri, $"The user name in '{profile.Uri}' is empty.")
            : new(userName, Find(profile, passwordKey, Passwords, nameof(passwordKey)).ToSecureString());
    }

    private static SealedValue Find(SealedProfile profile, string? key, string[] usual, string parameter)
    {
        IReadOnlyList<ProfileVariable> all = ProfileVariable.Of(profile);
        ProfileVariable[] found = all
            .Where(variable => key is null ? usual.Contains(variable.Name, StringComparer.OrdinalIgnoreCase) : variable.Name == key)
            .ToArray();
        string option = char.ToUpperInvariant(parameter[0]) + parameter[1..];
        return found is [var one]
            ? one.Value
            : throw new BridgeException(FaultKind.InvalidProfile, profile.Uri,
                $"'{profile.Uri}' makes no credential: {(found.Length == 0 ? "it has no" : "it has several")} {(key is null ? string.Join(" or ", usual) : $"key '{key}'")}. Name one of its keys with -{option}: {string.Join(", ", all.Select(variable => variable.Name))}.");
    }
}
