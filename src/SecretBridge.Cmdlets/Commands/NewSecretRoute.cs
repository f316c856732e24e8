using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Pipeline;
using SecretBridge.Reporting;
using SecretBridge.Routes;

namespace SecretBridge.Commands;

/// <summary>Puts a route into a route file, which is made where it is not there.</summary>
[Cmdlet(VerbsCommon.New, "SecretRoute", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(SecretRoute))]
public sealed class NewSecretRoute : AsyncCmdlet
{
    /// <summary>The references that the route is for, such as external/hashicorp/**.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Pattern { get; set; } = "";

    /// <summary>The old authority, such as vault://kv/**; of several targets the first that has the secret.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string[] Target { get; set; } = [];

    /// <summary>The new authority, in the same way.</summary>
    [Parameter(Position = 2)]
    [ValidateNotNull]
    public string[] NewTarget { get; set; } = [];

    /// <summary>Which authority answers: Proxy, Shadow or Cutover.</summary>
    [Parameter]
    public RouteMode Mode { get; set; }

    /// <summary>Until when the old authority may stand in for the new one after the cutover.</summary>
    [Parameter]
    public DateTimeOffset? AllowFallback { get; set; }

    /// <summary>What people want to know of the route.</summary>
    [Parameter]
    public string? Description { get; set; }

    /// <summary>The route file; else that of SECRETBRIDGE_ROUTES.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>The pattern of the route that it is put before; without it the route comes last.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(RouteCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Before { get; set; }

    /// <summary>Puts it before all others.</summary>
    [Parameter]
    public SwitchParameter First { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing() => Run(() =>
    {
        if (First && Before is not null)
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(Before), "Give -First or -Before, not both.");
        }

        var before = RouteFile.LoadOrNew(RouteUse.Need(Path is null ? null : GetUnresolvedProviderPathFromPSPath(Path)));
        int index = First ? 0 : Before is null ? before.Routes.Count : before.IndexOf(Before);
        RouteFile after = before.Add(
            new()
            {
                Pattern = Pattern,
                Target = Target,
                NewTarget = NewTarget,
                Mode = Mode,
                AllowFallbackUntil = RouteTime.Ahead(AllowFallback),
                Description = Description,
            },
            index);
        RouteRule added = after.Table.Rules[index];
        if (after.Table.CoverOf(added) is { } earlier)
        {
            WriteWarning($"The route '{Pattern}' is never reached: '{earlier.Pattern}' stands before it. Put it there with -Before.");
        }

        if (Ask($"Add the route '{Pattern}' ({Mode}) to {after.Path}", $"Add the route '{Pattern}' ({Mode}) to {after.Path}?") == Answer.Yes)
        {
            after.Save();
            WriteObject(added.Route);
        }
    });
}
