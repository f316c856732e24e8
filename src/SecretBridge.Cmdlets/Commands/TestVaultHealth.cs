using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Health;
using SecretBridge.Pipeline;
using SecretBridge.Values;
using SecretBridge.Wire;

namespace SecretBridge.Commands;

/// <summary>Tells how servers are. An unreachable one is a result; no token is needed.</summary>
[Cmdlet(VerbsDiagnostic.Test, "VaultHealth", DefaultParameterSetName = BackendSet)]
[OutputType(typeof(VaultHealth), typeof(bool))]
public sealed partial class TestVaultHealth : StreamCmdlet<HealthOptions>
{
    private const string AddressSet = "Address";
    private const string BackendSet = "Backend";

    private HealthOptions _common = new();

    /// <summary>The servers' addresses; asked without a token.</summary>
    [Parameter(Position = 0, ParameterSetName = AddressSet)]
    [ValidateNotNullOrEmpty]
    public string[] Address { get; set; } = [];

    /// <summary>The connections to ask through; the current one where neither it nor an address is given.</summary>
    [Parameter(ParameterSetName = BackendSet)]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNullOrEmpty]
    public BackendArgument[] Backend { get; set; } = [];

    /// <summary>Addresses, connections, or policies that the connection is held against.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public PSObject? InputObject { get; set; }

    /// <summary>A reference whose list, read and write capabilities are checked.</summary>
    [Parameter(ParameterSetName = BackendSet)]
    [ArgumentCompleter(typeof(UriCompleter))]
    public string? Path { get; set; }

    /// <summary>Policies that the token is held against: what New-VaultPolicy wrote, their text, or paths of files.</summary>
    [Parameter(ParameterSetName = BackendSet)]
    [ValidateNotNullOrEmpty]
    public PSObject[]? Policy { get; set; }

    /// <summary>Checks token and mount besides; each check is a row of Checks.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <summary>Writes only whether each server is healthy.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>How long to wait for a server to become healthy, in seconds.</summary>
    [Parameter]
    public double WaitSec { get; set; }

    /// <summary>How long one answer may take, in seconds.</summary>
    [Parameter]
    public double TimeoutSec { get; set; } = 5;

    /// <summary>A standby counts as healthy.</summary>
    [Parameter]
    public SwitchParameter StandbyOk { get; set; }

    /// <summary>A disaster recovery secondary counts as healthy.</summary>
    [Parameter]
    public SwitchParameter DRSecondaryOk { get; set; }

    /// <summary>A PEM file or a folder of certificate authorities, for addresses.</summary>
    [Parameter(ParameterSetName = AddressSet)]
    public string? CACertificatePath { get; set; }

    /// <summary>Takes any certificate of an address.</summary>
    [Parameter(ParameterSetName = AddressSet)]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<HealthOptions>, Task> Prepare()
    {
        _common = new HealthOptions
        {
            StandbyOk = StandbyOk,
            DrSecondaryOk = DRSecondaryOk,
            Detailed = Detailed,
            Path = Path,
            Required = Policy is null ? null : [.. Policy.SelectMany(given => GivenPolicy.Read(given, GetUnresolvedProviderPathFromPSPath))],
            Timeout = Seconds.Of(TimeoutSec, nameof(TimeoutSec)),
            Wait = Seconds.Of(WaitSec, nameof(WaitSec), orNone: true),
        };
        return servers => WriteRowsAsync(
            HealthProbe.RunAllAsync(servers, Reporter, TimeProvider.System, Cancellation),
            health => WriteObject(Quiet ? health.Healthy : health));
    }

    private TlsOptions Tls()
    {
        string? path = CACertificatePath is null ? null : GetUnresolvedProviderPathFromPSPath(CACertificatePath);
        bool isFolder = path is not null && Directory.Exists(path);
        return new() { CaFile = isFolder ? null : path, CaFolder = isFolder ? path : null, SkipCertificateCheck = SkipCertificateCheck };
    }
}
