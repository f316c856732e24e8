using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>A change of a profile. What is null stays as it is; empty text and empty lists take away.</summary>
public sealed record ProfileEdit
{
    /// <summary>What the profile calls itself. A new profile without it is called as its secret.</summary>
    public string? Name { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>Who answers for it.</summary>
    public string? Owner { get; init; }

    /// <summary>Words to find it by.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>The workflows that may use it; empty for any.</summary>
    public IReadOnlyList<string>? AllowedWorkflows { get; init; }

    /// <summary>Settings to lay over those that are there: text, numbers or booleans.</summary>
    public IReadOnlyDictionary<string, SealedValue> Env { get; init; } = new Dictionary<string, SealedValue>(StringComparer.Ordinal);

    /// <summary>
    /// Secrets to lay over those that are there. A value of null, or one that is <c>(sealed)</c> as exports show it, stands for the value
    /// that is stored already.
    /// </summary>
    public IReadOnlyDictionary<string, SealedValue> Secrets { get; init; } = new Dictionary<string, SealedValue>(StringComparer.Ordinal);

    /// <summary>Settings and secrets to take away, by name.</summary>
    public IReadOnlyList<string> RemoveKeys { get; init; } = [];

    /// <summary>Whether what this does not name goes, except the stored values that <see cref="Secrets"/> stands for.</summary>
    public bool Replace { get; init; }

    /// <summary>This change with another laid over it.</summary>
    public ProfileEdit With(ProfileEdit other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new()
        {
            Name = other.Name ?? Name,
            Description = other.Description ?? Description,
            Owner = other.Owner ?? Owner,
            Tags = other.Tags ?? Tags,
            AllowedWorkflows = other.AllowedWorkflows ?? AllowedWorkflows,
            Env = Over(Env, other.Env),
            Secrets = Over(Secrets, other.Secrets),
            RemoveKeys = [.. RemoveKeys, .. other.RemoveKeys],
            Replace = Replace || other.Replace,
        };
    }

    /// <summary>The change that makes a profile of what was read of another.</summary>
    public static ProfileEdit Of(SealedProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return new()
        {
            Description = profile.Description,
            Owner = profile.Owner,
            Tags = profile.Tags,
            AllowedWorkflows = profile.AllowedWorkflows,
            Env = profile.Environment.ToDictionary(setting => setting.Key, setting => SealedValue.FromText(setting.Value), StringComparer.Ordinal),
            Secrets = profile.Secrets,
        };
    }

    private static Dictionary<string, SealedValue> Over(IReadOnlyDictionary<string, SealedValue> before, IReadOnlyDictionary<string, SealedValue> after)
    {
        var united = new Dictionary<string, SealedValue>(before, StringComparer.Ordinal);
        foreach ((string name, SealedValue value) in after)
        {
            united[name] = value;
        }

        return united;
    }
}
