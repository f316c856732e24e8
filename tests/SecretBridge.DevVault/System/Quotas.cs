namespace SecretBridge.DevVault;

/// <summary>Rate limits: so many requests in each second of the server's clock.</summary>
internal sealed class Quotas
{
    private readonly Dictionary<string, Quota> _byName = new(StringComparer.Ordinal);

    /// <summary>Servers give Retry-After only where this was switched on.</summary>
    public bool SendHeaders { get; set; }

    public void Set(string name, string path, double rate) => _byName[name] = new Quota(path, rate);

    public bool Remove(string name) => _byName.Remove(name);

    public JsonMap? Describe(string name) => _byName.TryGetValue(name, out Quota? quota)
        ? new JsonMap { ["block_interval"] = 0, ["interval"] = 1, ["name"] = name, ["path"] = quota.Path, ["rate"] = quota.Rate, ["type"] = "rate-limit" }
        : null;

    public IEnumerable<string> Names => _byName.Keys.Order(StringComparer.Ordinal);

    public Reply? Refuse(Call call)
    {
        if (_byName.Count == 0 || call.Path.StartsWith("sys/", StringComparison.Ordinal))
        {
            return null;
        }

        string path = call.Namespace.Path + call.Path;
        Quota? quota = _byName.Values
            .Where(one => path.StartsWith(one.Path, StringComparison.Ordinal))
            .MaxBy(one => one.Path.Length);
        return quota is null || quota.Take(call.Now)
            ? null
            : Reply.Errors(429, $"request path \"{call.Path}\": rate limit quota exceeded") with { RetryAfter = SendHeaders ? 1 : null };
    }

    private sealed class Quota(string path, double rate)
    {
        private DateTimeOffset _start;
        private double _taken;

        public string Path { get; } = path;

        public double Rate { get; } = rate;

        public bool Take(DateTimeOffset now)
        {
            if (now - _start >= TimeSpan.FromSeconds(1))
            {
                _start = now;
                _taken = 0;
            }
            return ++_taken <= Rate;
        }
    }
}
