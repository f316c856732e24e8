using System.Management.Automation;
using System.Security;
using SecretBridge.Audit;
using SecretBridge.Configuration;
using SecretBridge.Pipeline;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Wire;

namespace SecretBridge.Commands;

/// <summary>
/// Connects to a Vault or OpenBao server and makes that the current connection of this runspace. What is not given comes
/// from the environment, as the vault and bao command lines read it.
/// </summary>
[Cmdlet(VerbsCommunications.Connect, "VaultBackend", DefaultParameterSetName = "Environment")]
[OutputType(typeof(VaultBackend))]
public sealed partial class ConnectVaultBackend : AsyncCmdlet
{
    /// <summary>The server's address, such as https://vault.example:8200 or unix:///run/vault.sock.</summary>
    [Parameter(Position = 0)]
    public string? Address { get; set; }

    /// <summary>The name that references use for the connection.</summary>
    [Parameter]
    public string Name { get; set; } = "default";

    /// <summary>A token. It is never revoked by Disconnect-VaultBackend.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Token")]
    public SecureString? Token { get; set; }

    /// <summary>An AppRole: its role_id as user name, a secret_id as password.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "AppRole")]
    public PSCredential? AppRole { get; set; }

    /// <summary>The role_id that goes with a wrapped secret_id.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "WrappedAppRole")]
    public string? RoleId { get; set; }

    /// <summary>The wrapping token of an AppRole's secret_id. It is unwrapped once, after its origin is proven.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "WrappedAppRole")]
    public SecureString? WrappedSecretId { get; set; }

    /// <summary>The AppRole's name: the wrapping token must have been made for exactly that role.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "WrappedAppRole")]
    public string? RoleName { get; set; }

    /// <summary>A role of the Kubernetes method, or of any whose login takes a role and a JWT.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Kubernetes")]
    public string? Role { get; set; }

    /// <summary>The file of the JWT. It is read again at each login.</summary>
    [Parameter(ParameterSetName = "Kubernetes")]
    public string JwtPath { get; set; } = KubernetesAuth.DefaultJwtPath;

    /// <summary>A user name and password.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Userpass")]
    public PSCredential? Credential { get; set; }

    /// <summary>Where the login method is mounted, if not under its own name.</summary>
    [Parameter(ParameterSetName = "AppRole")]
    [Parameter(ParameterSetName = "WrappedAppRole")]
    [Parameter(ParameterSetName = "Kubernetes")]
    [Parameter(ParameterSetName = "Userpass")]
    public string? AuthMount { get; set; }

    /// <summary>Does not look the token up: for one of limited use, or that may not look itself up.</summary>
    [Parameter]
    public SwitchParameter NoVerify { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing() => Run(() =>
    {
        var environment = VaultEnvironment.OfProcess();
        environment.Check();
        BridgeConfiguration? file = Configuration();
        AuditTrail? trail = Trail();
        if (file is { Enabled: false })
        {
            Apply(null, file, trail);
            return;
        }

        ConnectOptions options = Options(environment, file, Auth(environment, file));
        CheckReplacement(options);
        Start(async () =>
        {
            VaultBackend backend = await VaultBackend.ConnectAsync(options, Reporter, TimeProvider.System, Cancellation);
            Apply(backend, file, trail);
            VaultBackend? before = Backends.Registry.Add(backend);
            await WriteAsync(backend);
            if (before is not null)
            {
                await EndAsync(before);
            }
        });
        Finish();
    });

    private VaultAuth Auth(VaultEnvironment environment, BridgeConfiguration? file) => ParameterSetName switch
    {
        "Token" => new TokenAuth(Token!),
        "AppRole" => new AppRoleAuth(AppRole!.UserName, AppRole.Password, AuthMount ?? "approle"),
        "WrappedAppRole" => new WrappedAppRoleAuth(RoleId!, WrappedSecretId!, RoleName!, AuthMount ?? "approle"),
        "Kubernetes" => new KubernetesAuth(Role!, AuthMount ?? "kubernetes", GetUnresolvedProviderPathFromPSPath(JwtPath)),
        "Userpass" => new UserpassAuth(Credential!.UserName, Credential.Password, AuthMount ?? "userpass"),
        _ => file?.Auth ?? FromEnvironment(environment),
    };

    private static VaultAuth FromEnvironment(VaultEnvironment environment) =>
        environment.ReadToken() is { } token ? new TokenAuth(token)
        : environment.RoleId is { } roleId ? new AppRoleAuth(roleId, environment.ReadSecretId())
        : throw new BridgeException(FaultKind.InvalidArgument, nameof(Token),
            "No login was given and the environment holds none: give -Token, -AppRole, -WrappedSecretId, -Role or -Credential, or set VAULT_TOKEN.");
}
