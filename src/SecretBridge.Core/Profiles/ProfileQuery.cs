namespace SecretBridge.Profiles;

/// <summary>Which profiles are meant: one, or those of a folder.</summary>
/// <param name="Uri">
/// The secret that holds a profile, or a folder of profiles: where <paramref name="Name"/> is given, at a store's root, or with a
/// slash at its end. Null means the default store.
/// </param>
/// <param name="Name">
/// The secret's name, or a pattern of it with <c>*</c> and <c>?</c>; case-sensitive. Where <paramref name="Uri"/> is null it may be a
/// reference too, whose last name may be a pattern.
/// </param>
public sealed record ProfileQuery(string? Uri, string? Name = null)
{
    /// <summary>What was asked for, as text.</summary>
    public override string ToString() => Uri is null ? Name ?? "" : Name is null ? Uri : $"{Uri.TrimEnd('/')}/{Name}";
}
