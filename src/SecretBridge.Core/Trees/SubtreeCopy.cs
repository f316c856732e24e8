using SecretBridge.Reporting;

namespace SecretBridge.Trees;

/// <summary>Copies the latest versions of subtrees below one destination folder.</summary>
public sealed class SubtreeCopy
{
    private readonly CopyOptions _options;
    private readonly IReporter _reporter;

    /// <summary>Prepares a copy.</summary>
    public SubtreeCopy(CopyOptions options, IReporter reporter)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _reporter = reporter;
    }

    /// <summary>The outcome so far; whole once the rows came to their end.</summary>
    public CopySummary Summary { get; private set; } = new();

    /// <summary>Copies, one row a secret as each is done.</summary>
    public IAsyncEnumerable<CopyResult> RunAsync(IAsyncEnumerable<TreeItem> sources, CancellationToken cancellationToken) =>
        throw new NotSupportedException(_options.ToString() + _reporter);
}
