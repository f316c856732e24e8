using System.Management.Automation;
using SecretBridge.Pipeline;
using SecretBridge.Routes;

namespace SecretBridge.Commands;

/// <summary>Takes routes out of a route file: what they were for goes by a later route, or where it says itself.</summary>
[Cmdlet(VerbsCommon.Remove, "SecretRoute", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
public sealed class RemoveSecretRoute : RouteCmdlet
{
    /// <inheritdoc/>
    private protected override RouteFile Edit(RouteFile file, string pattern) => file.Remove(pattern);

    /// <inheritdoc/>
    private protected override string Words(SecretRoute route, RouteFile next) => $"Remove the route '{route.Pattern}' ({route.Mode})";
}
