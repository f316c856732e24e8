using SecretBridge.Reporting;

namespace SecretBridge.Trees;

/// <summary>Compares two subtrees, in constant memory, without showing a value.</summary>
public sealed class TreeComparison
{
    private readonly CompareOptions _options;
    private readonly IReporter _reporter;

    /// <summary>Prepares a comparison.</summary>
    public TreeComparison(CompareOptions options, IReporter reporter)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _reporter = reporter;
        Summary = new() { ReferenceUri = options.ReferenceUri, DifferenceUri = options.DifferenceUri };
    }

    /// <summary>The outcome so far; whole once the rows came to their end.</summary>
    public ComparisonSummary Summary { get; private set; }

    /// <summary>Compares, one row a secret that differs (each one with IncludeEqual), in order. A side that cannot be read is a row with a fault.</summary>
    public IAsyncEnumerable<TreeDifference> RunAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException(_options.ToString() + _reporter);
}
