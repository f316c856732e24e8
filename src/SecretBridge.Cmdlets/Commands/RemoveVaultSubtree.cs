using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Pipeline;
using SecretBridge.Reporting;
using SecretBridge.Trees;

namespace SecretBridge.Commands;

/// <summary>Removes secrets that a comparison has found elsewhere, at the version that was compared.</summary>
[Cmdlet(VerbsCommon.Remove, "VaultSubtree", DefaultParameterSetName = "Compared", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(RemoveResult), typeof(RemovalSummary))]
public sealed partial class RemoveVaultSubtree : StreamCmdlet<RemovalInput>
{
    private bool _hasInput;

    private RemovalExtent Extent => AllVersions ? RemovalExtent.AllVersions : Destroy ? RemovalExtent.Destroy : RemovalExtent.Delete;

    private string Which => ComparedWith is not null ? $"{Uri}, if all of it equals {ComparedWith}"
        : !Force ? "the piped secrets that were found equal"
        : (Uri.Length > 0 ? Uri : "the piped secrets") + ", compared with nothing";

    private string What => Extent switch
    {
        RemovalExtent.AllVersions => "Remove for good all versions and the metadata of ",
        RemovalExtent.Destroy => "Destroy for good the versions of ",
        _ => "Delete ",
    } + Which;

    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<RemovalInput>, Task>? Prepare()
    {
        if (Destroy && AllVersions)
        {
            throw new BridgeException(FaultKind.InvalidArgument, "AllVersions", "Give either -Destroy or -AllVersions.");
        }

        var options = new RemovalOptions
        {
            Stores = Backends.Stores(Backend),
            OtherStores = Backends.Stores(ComparedBackend ?? Backend),
            Comparison = ComparedWith is null ? null : Comparison(ComparedWith),
            Force = Force,
            Include = Include,
            Exclude = Exclude,
            Extent = Extent,
            MaxDelete = MaxDelete,
            RateLimit = RateLimit,
            LastCheck = new RetirementUse(SessionState, Backends, Reporter).Check(Backends.Stores(Backend), NotReadSince, AuditLog, BridgeAudit),
            ThrottleLimit = ThrottleLimit,
        };
        options.Validate();
        Answer answer = Ask(What, What + "?");
        if (answer == Answer.No)
        {
            return null;
        }

        return async inputs =>
        {
            using RunLog log = OpenLog(LogPath);
            using IDisposable reports = Backends.ReportTo(log);
            var removal = new SubtreeRemoval(options with { PlanOnly = answer == Answer.PlanOnly }, log);
            await WriteRowsAsync(log.Watch(removal.RunAsync(inputs, Cancellation), Cancellation), row => WriteUnless(Summary, row));
            if (ComparedWith is null && !_hasInput)
            {
                Reporter.Warning("Nothing was piped, and so nothing was removed."
                    + (Force ? "" : " Compare-SecretTree writes what is equal only with -IncludeEqual."));
            }

            if (Summary)
            {
                await WriteAsync(removal.Summary);
            }
        };
    }

    /// <inheritdoc/>
    private protected override IEnumerable<RemovalInput> Take()
    {
        if (ComparedWith is null)
        {
            _hasInput = true;
            yield return Force ? Forced() : Row();
        }
    }

    private RemovalInput Row() => InputObject?.BaseObject is TreeDifference row
        ? new(row)
        : RemovalInput.Unusable(InputObject?.TypeNames.FirstOrDefault() ?? "Nothing");

    // By force any reference would do, also one on the side that is to stay. What a row became in JSON or CLIXML is still one.
    private RemovalInput Forced() => InputObject?.Properties[nameof(TreeDifference.SideIndicator)] is not null
        ? RemovalInput.Unusable("With -Force, a row of a comparison")
        : new(null, TreeInput.Item(Uri, InputObject));

    private CompareOptions Comparison(string other) => new()
    {
        ReferenceStores = Backends.Stores(Backend),
        DifferenceStores = Backends.Stores(ComparedBackend),
        ReferenceUri = Uri,
        DifferenceUri = other,
        Map = PathRules.Of(Map, MapPath is null ? null : GetUnresolvedProviderPathFromPSPath(MapPath), OnPipelineAsync),
        Include = Include,
        Exclude = Exclude,
        IncludeMetadata = IncludeMetadata,
        IncludeVersion = IncludeVersion,
        RateLimit = RateLimit,
        ThrottleLimit = ThrottleLimit,
    };
}
