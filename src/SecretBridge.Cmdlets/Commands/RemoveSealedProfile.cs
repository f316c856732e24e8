using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Pipeline;
using SecretBridge.Profiles;

namespace SecretBridge.Commands;

/// <summary>Removes sealed profiles: so that they can be restored where the store keeps versions, else for good.</summary>
[Cmdlet(VerbsCommon.Remove, "SealedProfile", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(ProfileChange))]
public sealed class RemoveSealedProfile : ProfileCmdlet
{
    /// <summary>Removes all versions and the metadata for good.</summary>
    [Parameter]
    public SwitchParameter AllVersions { get; set; }

    /// <summary>The connection for references that name none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? Backend { get; set; }

    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<ProfileQuery>, Task> PrepareRun()
    {
        string verb = AllVersions ? "Remove for good all versions of the profile" : "Remove the profile";
        var remove = new ProfileRemove(new()
        {
            Stores = Backends.Stores(Backend),
            AllVersions = AllVersions,
            Approve = (uri, _) => InvokeAsync(() => Ask($"{verb} {uri}", $"{verb} {uri}?") switch
            {
                Answer.Yes => ProfileApproval.Yes,
                Answer.PlanOnly => ProfileApproval.PlanOnly,
                _ => ProfileApproval.No,
            }),
        });
        return queries => WriteRowsAsync(remove.RunAsync(queries, Cancellation), activity: "Removing profiles");
    }
}
