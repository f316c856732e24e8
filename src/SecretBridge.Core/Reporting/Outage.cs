namespace SecretBridge.Reporting;

/// <summary>Which failures mean that the server could not be asked, rather than that it refused or knows of nothing.</summary>
internal static class Outage
{
    public static bool Is(BridgeException exception) => exception.Kind is FaultKind.Unreachable or FaultKind.Timeout or FaultKind.CircuitOpen
        or FaultKind.Sealed or FaultKind.NoActiveNode or FaultKind.ServerError;
}
