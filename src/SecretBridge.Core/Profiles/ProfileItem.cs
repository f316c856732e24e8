namespace SecretBridge.Profiles;

/// <summary>One profile to write.</summary>
/// <param name="Uri">The reference of the secret that holds it, or with <paramref name="Name"/> of its folder; null for the default store.</param>
/// <param name="Name">The secret's name; where <paramref name="Uri"/> is null it may be a reference too.</param>
/// <param name="Edit">The change.</param>
/// <param name="PlanOnly">Whether only to say what would be done.</param>
public sealed record ProfileItem(string? Uri, string? Name, ProfileEdit Edit, bool PlanOnly = false);
