using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Health;
using SecretBridge.Pipeline;
using SecretBridge.Values;
using SecretBridge.Wire;

namespace SecretBridge.Commands;

/// <summary>Tells how servers are. An unreachable one is a result; no token is needed.</summary>
[Cmdlet(VerbsDiagnostic.Test, "VaultHealth", DefaultParameterSetName = "Backend")]
[OutputType(typeof(VaultHealth), typeof(bool))]
public sealed class TestVaultHealth : StreamCmdlet<HealthOptions>
{
    private HealthOptions _common = new();

    /// <summary>The servers' addresses; asked without a token.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Address")]
    [ReferenceText]
    public string[] Address { get; set; } = [];

    /// <summary>The connections to ask through; the current one where neither it nor an address is given.</summary>
    [Parameter(ValueFromPipeline = true, ParameterSetName = "Backend")]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNullOrEmpty]
    public BackendArgument[] Backend { get; set; } = [];

    /// <summary>A reference whose list, read and write capabilities are checked.</summary>
    [Parameter(ParameterSetName = "Backend")]
    [ArgumentCompleter(typeof(UriCompleter))]
    public string? Path { get; set; }

    /// <summary>Policies that the token is held against: what New-VaultPolicy wrote, their text, or paths of files.</summary>
    [Parameter(ParameterSetName = "Backend")]
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
    [Parameter(ParameterSetName = "Address")]
    public string? CACertificatePath { get; set; }

    /// <summary>Takes any certificate of an address.</summary>
    [Parameter(ParameterSetName = "Address")]
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

    /// <inheritdoc/>
    private protected override IEnumerable<HealthOptions> Take()
    {
        if (ParameterSetName == "Address")
        {
            TlsOptions tls = Tls();
            return Address.Select(address => _common with { Address = address, Tls = tls });
        }

        return Backend.Length == 0
            ? [_common with { Backend = Backends.Get(null) }]
            : Each(Backend, argument => _common with { Backend = Backends.Get(argument) });
    }

    private TlsOptions Tls()
    {
        string? path = CACertificatePath is null ? null : GetUnresolvedProviderPathFromPSPath(CACertificatePath);
        bool isFolder = path is not null && Directory.Exists(path);
        return new() { CaFile = isFolder ? null : path, CaFolder = isFolder ? path : null, SkipCertificateCheck = SkipCertificateCheck };
    }
}
