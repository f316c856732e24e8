namespace SecretBridge.DevVault;

/// <summary>Tells a request's kind from method and path alone, as a test would.</summary>
internal static class RequestKinds
{
    public static RequestKind Of(string method, string path, string query)
    {
        string rest = path.StartsWith("/v1/", StringComparison.Ordinal) ? path[4..] : path;
        if (rest.StartsWith("sys/", StringComparison.Ordinal))
        {
            return rest is "sys/health" or "sys/seal-status" or "sys/leader" or "sys/init" ? RequestKind.Health
                : rest.StartsWith("sys/internal/ui/mounts", StringComparison.Ordinal) ? RequestKind.Preflight
                : rest.StartsWith("sys/mounts", StringComparison.Ordinal) ? RequestKind.Mounts
                : rest.StartsWith("sys/wrapping/", StringComparison.Ordinal) ? RequestKind.Wrapping
                : RequestKind.Other;
        }
        if (rest.StartsWith("auth/token/", StringComparison.Ordinal))
        {
            return RequestKind.Token;
        }
        if (rest.StartsWith("auth/", StringComparison.Ordinal))
        {
            return rest.Contains("/login", StringComparison.Ordinal) ? RequestKind.Login : RequestKind.Other;
        }
        return method switch
        {
            "LIST" => RequestKind.List,
            "SCAN" => RequestKind.Scan,
            "GET" when query.Contains("list=true", StringComparison.Ordinal) => RequestKind.List,
            "GET" when query.Contains("scan=true", StringComparison.Ordinal) => RequestKind.Scan,
            "GET" when rest.Contains("/metadata/", StringComparison.Ordinal) => RequestKind.Metadata,
            "GET" => RequestKind.Read,
            "DELETE" => RequestKind.Delete,
            "POST" or "PUT" or "PATCH" => RequestKind.Write,
            _ => RequestKind.Other,
        };
    }
}
