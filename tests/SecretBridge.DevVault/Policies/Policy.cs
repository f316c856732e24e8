namespace SecretBridge.DevVault;

/// <summary>A named policy: its text as written, and what it means.</summary>
internal sealed record Policy(string Name, string Text, IReadOnlyList<PathRule> Rules, DateTimeOffset Modified, int Version)
{
    /// <summary>What every token may do with itself.</summary>
    public static string DefaultText(VaultFlavour flavour) => Shared + (flavour == VaultFlavour.OpenBao
        ? "path \"identity/oidc/provider/+/authorize\" { capabilities = [\"read\", \"update\"] }\n"
        : "");

    private const string Shared = """
        # Allow tokens to look up, renew and revoke themselves
        path "auth/token/lookup-self" { capabilities = ["read"] }
        path "auth/token/renew-self" { capabilities = ["update"] }
        path "auth/token/revoke-self" { capabilities = ["update"] }

        # Allow a token to look up its own capabilities on a path
        path "sys/capabilities-self" { capabilities = ["update"] }

        # Allow a token to look up its own entity by id or name
        path "identity/entity/id/{{identity.entity.id}}" { capabilities = ["read"] }

        path "sys/internal/ui/resultant-acl" { capabilities = ["read"] }
        path "sys/renew" { capabilities = ["update"] }
        path "sys/leases/renew" { capabilities = ["update"] }
        path "sys/leases/lookup" { capabilities = ["update"] }

        # Allow a token to manage its own cubbyhole
        path "cubbyhole/*" { capabilities = ["create", "read", "update", "delete", "list"] }

        # Allow a token to wrap arbitrary values, and to look up and unwrap what it was given
        path "sys/wrapping/wrap" { capabilities = ["update"] }
        path "sys/wrapping/lookup" { capabilities = ["update"] }
        path "sys/wrapping/unwrap" { capabilities = ["update"] }

        path "sys/tools/hash" { capabilities = ["update"] }
        path "sys/tools/hash/*" { capabilities = ["update"] }
        path "sys/control-group/request" { capabilities = ["update"] }

        """;
}
