using System.Management.Automation;
using SecretBridge.Pipeline;
using SecretBridge.Reporting;
using SecretBridge.Trees;

namespace SecretBridge.Commands;

/// <summary>Adds up the summaries of all shards of a copy or a comparison, and refuses where one is missing.</summary>
[Cmdlet(VerbsData.Merge, "TreeSummary")]
[OutputType(typeof(CopySummary), typeof(ComparisonSummary))]
public sealed class MergeTreeSummary : AsyncCmdlet
{
    private readonly List<object> _summaries = [];

    /// <summary>Summaries of Copy-VaultSubtree or of Compare-SecretTree, or what was read back of them.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public PSObject[] InputObject { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() => Run(() =>
        _summaries.AddRange(InputObject.Select(given => given.BaseObject is CopySummary or ComparisonSummary ? given.BaseObject : SummaryJson.Read(PlainJson.Of(given, InvokeCommand)))));

    /// <inheritdoc/>
    protected override void EndProcessing() => Run(() =>
    {
        CopySummary[] copies = [.. _summaries.OfType<CopySummary>()];
        ComparisonSummary[] comparisons = [.. _summaries.OfType<ComparisonSummary>()];
        WriteObject(
            copies.Length > 0 && comparisons.Length > 0
                ? throw new BridgeException(FaultKind.InvalidArgument, nameof(InputObject), "Summaries of copies and of comparisons cannot be added up.")
            : comparisons.Length > 0 ? ComparisonSummary.Merge(comparisons)
            : CopySummary.Merge(copies));
    });
}
