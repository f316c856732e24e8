using System.Collections.Specialized;
using System.Management.Automation;
using SecretBridge.Pipeline;
using SecretBridge.Profiles;
using SecretBridge.Reporting;
using SecretBridge.Values;

namespace SecretBridge.Commands;

/// <summary>Reads sealed profiles: what a job needs to run, kept as one secret.</summary>
[Cmdlet(VerbsCommon.Get, "SealedProfile", DefaultParameterSetName = "Sealed")]
[OutputType(typeof(SealedProfile), ParameterSetName = ["Sealed", "Metadata"])]
[OutputType(typeof(PSObject), ParameterSetName = ["PlainText", "SecureString"])]
[OutputType(typeof(OrderedDictionary), ParameterSetName = ["Hashtable"])]
[OutputType(typeof(PSCredential), ParameterSetName = ["Credential"])]
[OutputType(typeof(ProfileVariable), ParameterSetName = ["EnvironmentVariable"])]
public sealed partial class GetSealedProfile : ProfileCmdlet
{
    private protected override bool TakesAll => true;

    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<ProfileQuery>, Task> PrepareRun()
    {
        Backends.Workflow = Workflow;
        var read = new ProfileRead(new()
        {
            Stores = RoutedStores(Backend, RoutePath),
            Version = Version,
            Tags = Tag,
            Owner = Owner,
            Workflow = Workflow,
            MetadataOnly = MetadataOnly,
            ThrottleLimit = ThrottleLimit,
        }, Reporter);
        return queries => WriteRowsAsync(read.RunAsync(queries, Cancellation), Write, "Reading profiles");
    }

    /// <inheritdoc/>
    private protected override string? Hint(BridgeException fault) => fault.Kind == FaultKind.SecretNotFound && Name.Length == 0
        ? "For a folder of profiles end the Uri with / or give -Name."
        : null;

    private void Write(SealedProfile profile)
    {
        if (ParameterSetName is "Sealed" or "Metadata")
        {
            WriteObject(profile);
            return;
        }

        if (profile.Fault is not null)
        {
            return;
        }

        try
        {
            WriteObject(Opened(profile), enumerateCollection: ParameterSetName == "EnvironmentVariable");
        }
        catch (BridgeException exception)
        {
            WriteFault(exception);
        }
    }

    private object Opened(SealedProfile profile) => ParameterSetName switch
    {
        "PlainText" => ProfileValues.Opened(profile, value => value.RevealObject()),
        "SecureString" => ProfileValues.Opened(profile, value => value.ToSecureString()),
        "Hashtable" => ProfileValues.Table(profile),
        "Credential" => ProfileValues.Credential(profile, UserNameKey, PasswordKey),
        _ => ProfileVariable.Of(profile),
    };
}
