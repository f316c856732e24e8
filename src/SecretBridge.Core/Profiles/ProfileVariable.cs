using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>One variable of a process that a profile makes. Its value stays sealed, be it a setting or a secret.</summary>
public sealed record ProfileVariable
{
    /// <summary>The complete reference of the secret that holds the profile.</summary>
    public required string Uri { get; init; }

    /// <summary>The variable's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its sealed value; text when it is opened.</summary>
    public required SealedValue Value { get; init; }

    /// <summary>Whether it is one of the profile's secrets.</summary>
    public bool IsSecret { get; init; }

    /// <summary>The variable's name.</summary>
    public override string ToString() => Name;

    /// <summary>The variables of a profile, settings first. Of a name that is both the secret counts.</summary>
    public static IReadOnlyList<ProfileVariable> Of(SealedProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return
        [
            .. profile.Environment.Where(setting => !profile.Secrets.ContainsKey(setting.Key))
                .Select(setting => new ProfileVariable { Uri = profile.Uri, Name = setting.Key, Value = SealedValue.FromText(setting.Value) }),
            .. profile.Secrets.Select(secret => new ProfileVariable { Uri = profile.Uri, Name = secret.Key, Value = secret.Value, IsSecret = true }),
        ];
    }
}
