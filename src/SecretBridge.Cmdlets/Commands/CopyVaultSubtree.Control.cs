using System.Management.Automation;
using SecretBridge.Pipeline;
using SecretBridge.Trees;

namespace SecretBridge.Commands;

/// <content>How a long copy is planned, parted, watched and gone on with.</content>
public sealed partial class CopyVaultSubtree
{
    /// <summary>A plan that -AsPlan made: the object, what was read back of it, or the path of its JSON.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PlanSet)]
    [ValidateNotNull]
    public PSObject? Plan { get; set; }

    /// <summary>Writes nothing, and one plan in place of the rows.</summary>
    [Parameter(ParameterSetName = TreeSet)]
    public SwitchParameter AsPlan { get; set; }

    /// <summary>A file that remembers which secrets are done.</summary>
    [Parameter(ParameterSetName = TreeSet)]
    [ValidateNotNullOrEmpty]
    public string? JournalPath { get; set; }

    /// <summary>Goes on where the journal ends.</summary>
    [Parameter(ParameterSetName = TreeSet)]
    public SwitchParameter Resume { get; set; }

    /// <summary>The part of the sources to copy, such as 3/8.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Shard { get; set; }

    /// <summary>The most requests a second of this copy to all servers together.</summary>
    [Parameter]
    public double? RateLimit { get; set; }

    /// <summary>A file that gets progress, warnings and failures as JSON lines.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    private CopyOptions WithControl(CopyOptions options) => options with
    {
        JournalPath = JournalPath is null ? null : GetUnresolvedProviderPathFromPSPath(JournalPath),
        Resume = Resume,
        Shard = Shard is null ? null : Trees.Shard.Parse(Shard),
        RateLimit = RateLimit,
    };

    // What a plan leaves open: where the stores are, and how fast.
    private CopyOptions Around(CopyPlan plan) => new()
    {
        SourceStores = Backends.Stores(SourceBackend),
        DestinationStores = Backends.Stores(DestinationBackend),
        DestinationUri = plan.DestinationUri,
        Verify = Verify,
        ThrottleLimit = ThrottleLimit,
        RateLimit = RateLimit,
        Mirror = Mirror,
        Shard = Shard is null ? null : Trees.Shard.Parse(Shard),
        Audit = Backends.Audit,
    };

    private Func<IAsyncEnumerable<TreeItem>, Task>? PreparePlanned()
    {
        CopyPlan plan = PlanInput.Read(Plan!, GetUnresolvedProviderPathFromPSPath, InvokeCommand);
        CopyOptions options = Around(plan);
        options.Validate();

        // Refused before anybody is asked.
        _ = new PlannedCopy(plan, options, Reporter);
        string what = $"Copy {plan.Items.Count(item => item.Action is CopyAction.Created or CopyAction.Updated)} planned secrets below {plan.DestinationUri}";
        return Ask(what, what + "?") switch
        {
            Answer.No => null,
            var answer => _ => LoggedAsync(async log =>
            {
                var copy = new PlannedCopy(plan, options with { PlanOnly = answer == Answer.PlanOnly }, log);
                await WriteRowsAsync(log.Watch(copy.RunAsync(Cancellation), Cancellation), row => WriteUnless(Summary, row));
                return copy.Summary;
            }),
        };
    }

    private Func<IAsyncEnumerable<TreeItem>, Task> PreparePlan(CopyOptions options) => sources => LoggedAsync(async log =>
    {
        var rows = new List<CopyResult>();
        var copy = new SubtreeCopy(options with { PlanOnly = true }, log);
        await WriteRowsAsync(log.Watch(copy.RunAsync(sources, Cancellation), Cancellation), rows.Add);
        await WriteAsync(CopyPlan.Of(options, copy, rows));
        return copy.Summary;
    });
}
