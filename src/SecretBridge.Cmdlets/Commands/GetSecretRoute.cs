using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Pipeline;
using SecretBridge.Routes;

namespace SecretBridge.Commands;

/// <summary>Lists the routes of a route file in their order.</summary>
[Cmdlet(VerbsCommon.Get, "SecretRoute")]
[OutputType(typeof(SecretRoute))]
public sealed class GetSecretRoute : AsyncCmdlet
{
    /// <summary>The route file; else that of SECRETBRIDGE_ROUTES.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing() => Run(() =>
    {
        var file = RouteFile.Load(RouteUse.Need(Path is null ? null : GetUnresolvedProviderPathFromPSPath(Path)));
        foreach (RouteRule rule in file.Table.Rules)
        {
            if (file.Table.CoverOf(rule) is { } earlier)
            {
                WriteWarning($"The route '{rule.Pattern}' is never reached: '{earlier.Pattern}' stands before it.");
            }
        }

        WriteObject(file.Routes, enumerateCollection: true);
    });
}
