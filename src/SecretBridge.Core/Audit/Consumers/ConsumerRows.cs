namespace SecretBridge.Audit.Consumers;

/// <summary>Makes rows of what was counted.</summary>
internal sealed class ConsumerRows(IReadOnlyList<LogTarget> targets, IReadOnlyList<ConsumerGrouping> groupBy)
{
    /// <summary>The rows, the most recently seen first.</summary>
    /// <param name="usages">All that was counted.</param>
    /// <param name="onlyNew">Whether to leave out rows in which nothing was counted since the last call.</param>
    internal IReadOnlyList<VaultConsumer> Of(IEnumerable<ConsumerUsage> usages, bool onlyNew)
    {
        ConsumerUsage[] all = usages.ToArray();
        VaultConsumer[] rows = all
            .SelectMany(usage => ConsumerKey.Read(usage.Key) is var key && groupBy.Contains(ConsumerGrouping.Policy) && key.Policies.Count > 0
                ? key.Policies.Select(policy => (usage, key, (string?)policy))
                : [(usage, key, null)])
            .GroupBy(member => GroupOf(member.key, member.Item3))
            .Where(group => !onlyNew || group.Any(member => member.usage.IsNew))
            .Select(group => Row(group.Select(member => (member.usage, member.key)).ToArray(), group.First().Item3))
            .OrderByDescending(row => row.LastTime).ThenBy(row => row.Uri, StringComparer.Ordinal).ThenBy(row => row.DisplayName, StringComparer.Ordinal)
            .ToArray();
        Array.ForEach(all, usage => usage.IsNew = false);
        return rows;
    }

    // SecretBridge's own requests are always apart, and so are targets.
    private (int, bool, string) GroupOf(ConsumerKey key, string? policy)
    {
        IEnumerable<string?> parts = groupBy.Count == 0
            ? [key.Namespace, key.DisplayName, key.EntityId, key.Role, .. key.Policies]
            : groupBy.Distinct().Order().Select(by => by switch
            {
                ConsumerGrouping.DisplayName => key.DisplayName,
                ConsumerGrouping.Entity => key.EntityId,
                ConsumerGrouping.Role => key.Role,
                ConsumerGrouping.Policy => policy,
                ConsumerGrouping.RemoteAddress => key.RemoteAddress,
                _ => key.Path,
            });
        return (key.Target, key.IsSecretBridge, string.Join('\0', parts));
    }

    private VaultConsumer Row((ConsumerUsage Usage, ConsumerKey Key)[] group, string? policy)
    {
        ConsumerKey first = group[0].Key;
        LogTarget target = targets[first.Target];
        return new()
        {
            Uri = groupBy.Contains(ConsumerGrouping.Path) && first.Path is { } path ? target.UriOf(path) : target.Uri,
            DisplayName = Same(group, key => key.DisplayName),
            EntityId = Same(group, key => key.EntityId),
            Role = Same(group, key => key.Role),
            Namespace = Same(group, key => key.Namespace),
            Policy = policy is not null ? [policy] : All(group.SelectMany(member => member.Key.Policies)),
            RemoteAddress = All(group.Select(member => member.Key.RemoteAddress)),
            FirstTime = group.Min(member => member.Usage.First),
            LastTime = group.Max(member => member.Usage.Last),
            Reads = Sum(group, RequestOutcome.Read),
            Lists = Sum(group, RequestOutcome.List),
            Writes = Sum(group, RequestOutcome.Write),
            MetadataReads = Sum(group, RequestOutcome.Metadata),
            Denied = Sum(group, RequestOutcome.Denied),
            Failed = Sum(group, RequestOutcome.Failed),
            IsSecretBridge = first.IsSecretBridge,
        };
    }

    private static string? Same((ConsumerUsage Usage, ConsumerKey Key)[] group, Func<ConsumerKey, string?> part) =>
        Array.TrueForAll(group, member => part(member.Key) == part(group[0].Key)) ? part(group[0].Key) : null;

    private static string[] All(IEnumerable<string?> texts) => texts.OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();

    private static long Sum((ConsumerUsage Usage, ConsumerKey Key)[] group, RequestOutcome outcome) => group.Sum(member => member.Usage.Of(outcome));
}
