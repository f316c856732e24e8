using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Pipeline;
using SecretBridge.Profiles;

namespace SecretBridge.Commands;

/// <summary>Copies sealed profiles into a folder of any store, and reads each back.</summary>
[Cmdlet(VerbsCommon.Copy, "SealedProfile", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ProfileCopyResult))]
public sealed class CopySealedProfile : ProfileCmdlet
{
    /// <summary>The folder that the profiles are copied into, each under its name.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ArgumentCompleter(typeof(UriCompleter))]
    public string DestinationUri { get; set; } = "";

    /// <summary>What to do where the destination has other content.</summary>
    [Parameter]
    public ProfileConflict Conflict { get; set; }

    /// <summary>The connection for source references that name none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? SourceBackend { get; set; }

    /// <summary>The connection for a destination that names none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? DestinationBackend { get; set; }

    /// <summary>How many profiles may be under way.</summary>
    [Parameter]
    public int ThrottleLimit { get; set; } = 16;

    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<ProfileQuery>, Task>? PrepareRun()
    {
        var options = new ProfileCopyOptions
        {
            SourceStores = Backends.Stores(SourceBackend),
            DestinationStores = Backends.Stores(DestinationBackend),
            DestinationUri = DestinationUri,
            Conflict = Conflict,
            ThrottleLimit = ThrottleLimit,
        };
        options.Validate();
        Answer answer = Ask($"Copy {What} into {DestinationUri}", $"Copy {What} into {DestinationUri}?");
        if (answer == Answer.No)
        {
            return null;
        }

        var copy = new ProfileCopy(options with { PlanOnly = answer == Answer.PlanOnly }, Reporter);
        return queries => WriteRowsAsync(copy.RunAsync(queries, Cancellation), activity: "Copying profiles");
    }
}
