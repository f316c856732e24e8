using SecretBridge.Reporting;

namespace SecretBridge.Routes;

/// <summary>How references are led by routes.</summary>
internal sealed record RouteOptions
{
    /// <summary>The routes.</summary>
    public required RouteTable Table { get; init; }

    /// <summary>Hears of drift and of fallbacks.</summary>
    public required IReporter Reporter { get; init; }

    /// <summary>Keeps drift and fallbacks. A fallback that cannot be kept is not answered.</summary>
    public IAuditSink Audit { get; init; } = NoAudit.Instance;

    /// <summary>The workflow on whose behalf it is read; null where none was named.</summary>
    public string? Workflow { get; init; }

    /// <summary>How long an answer waits, once it is there, for the other authority's to be compared with.</summary>
    public TimeSpan ShadowLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
