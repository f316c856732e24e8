namespace SecretBridge.Audit.Consumers;

/// <summary>What of a log was seen.</summary>
internal sealed class LogCoverage
{
    /// <summary>The time of the earliest entry that was looked at.</summary>
    internal DateTimeOffset? Earliest { get; private set; }

    /// <summary>The time of the latest entry that was looked at.</summary>
    internal DateTimeOffset? Latest { get; private set; }

    /// <summary>Lines and files that could not be read.</summary>
    internal long Unreadable { get; set; }

    /// <summary>Entries whose path is an HMAC, so that nobody can tell what was asked for.</summary>
    internal long HashedPaths { get; set; }

    /// <summary>Entries that do not tell what was asked for: a device or a shipper left out their path or operation.</summary>
    internal long Untold { get; set; }

    /// <summary>Entries without a time.</summary>
    internal long Timeless { get; set; }

    internal void See(DateTimeOffset? time)
    {
        Earliest = Earliest is null || time < Earliest ? time ?? Earliest : Earliest;
        Latest = Latest is null || time > Latest ? time ?? Latest : Latest;
    }
}
