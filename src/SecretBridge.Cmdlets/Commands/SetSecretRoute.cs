using System.Management.Automation;
using SecretBridge.Pipeline;
using SecretBridge.Reporting;
using SecretBridge.Routes;

namespace SecretBridge.Commands;

/// <summary>Changes routes: moves consumers to the new authority, and back.</summary>
[Cmdlet(VerbsCommon.Set, "SecretRoute", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(SecretRoute))]
public sealed class SetSecretRoute : RouteCmdlet
{
    /// <summary>Which authority answers: Proxy, Shadow or Cutover.</summary>
    [Parameter(Position = 1)]
    public RouteMode? Mode { get; set; }

    /// <summary>The old authority; of several targets the first that has the secret.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Target { get; set; }

    /// <summary>The new authority, in the same way.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? NewTarget { get; set; }

    /// <summary>Until when the old authority may stand in for the new one.</summary>
    [Parameter]
    public DateTimeOffset? AllowFallback { get; set; }

    /// <summary>Takes away what allows a fallback.</summary>
    [Parameter]
    public SwitchParameter NoFallback { get; set; }

    /// <summary>What people want to know of the route.</summary>
    [Parameter]
    public string? Description { get; set; }

    private RouteChange Change => new()
    {
        Mode = Mode,
        Target = Target,
        NewTarget = NewTarget,
        AllowFallbackUntil = RouteTime.Ahead(AllowFallback),
        NoFallback = NoFallback,
        Description = Description,
    };

    /// <inheritdoc/>
    protected override void BeginProcessing() => Run(() =>
    {
        if (Change == new RouteChange() || (NoFallback && AllowFallback is not null))
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(Mode), NoFallback
                ? "Give -AllowFallback or -NoFallback, not both."
                : "Nothing is to be changed: give -Mode, -Target, -NewTarget, -AllowFallback, -NoFallback or -Description.");
        }
    });

    /// <inheritdoc/>
    private protected override RouteFile Edit(RouteFile file, string pattern) => file.Set(pattern, Change);

    /// <inheritdoc/>
    private protected override string Words(SecretRoute route, RouteFile next) => Mode is { } mode && mode != route.Mode
        ? $"Lead '{route.Pattern}' by {mode} instead of {route.Mode}"
        : $"Change the route '{route.Pattern}'";

    /// <inheritdoc/>
    private protected override void Written(RouteFile file, IReadOnlyList<string> changed) =>
        WriteObject(changed.Select(pattern => file.Routes[file.IndexOf(pattern)]), enumerateCollection: true);
}
