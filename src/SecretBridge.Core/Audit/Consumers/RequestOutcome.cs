namespace SecretBridge.Audit.Consumers;

/// <summary>How a request is counted.</summary>
internal enum RequestOutcome
{
    Read,
    List,
    Metadata,
    Write,
    Denied,
    Failed,
}
