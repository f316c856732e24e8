namespace SecretBridge.Stores;

/// <summary>How each type of engine is migrated, as the migration guide's table says.</summary>
internal static class MigrationPaths
{
    /// <summary>The types that are known, without the mark of those that a namespace brings along.</summary>
    internal static IReadOnlyDictionary<string, MigrationPath> Known { get; } = new[]
    {
        (MigrationPath.Copy, "kv, generic"),
        (MigrationPath.Recreate, "pki, database, aws, azure, gcp, alicloud, ssh, totp, ldap, openldap, ad, kubernetes, consul, nomad, terraform, rabbitmq, mongodbatlas"),
        (MigrationPath.Keep, "transit, transform, kmip, gcpkms, keymgmt"),
        (MigrationPath.None, "cubbyhole, identity, system"),
    }.SelectMany(row => row.Item2.Split(", ").Select(type => (type, row.Item1))).ToDictionary(row => row.type, row => row.Item2, StringComparer.Ordinal);

    internal static MigrationPath Of(string type) =>
        Known.GetValueOrDefault(type.StartsWith("ns_", StringComparison.Ordinal) ? type["ns_".Length..] : type);

    internal static string Note(MigrationPath path) => path switch
    {
        MigrationPath.Copy => "Copy-VaultSubtree copies its secrets and Compare-SecretTree proves it.",
        MigrationPath.Recreate => "Mount and configure it anew: its secrets are made on demand, or cannot be read out.",
        MigrationPath.Keep => "Its keys are not to leave it: go on using it where it is.",
        MigrationPath.None => "It belongs to the server or to one token: there is nothing to move.",
        _ => "Not known here: its own documentation says whether what it holds can be read out.",
    };
}
