using System.Management.Automation;
using SecretBridge.Completion;
using SecretBridge.Profiles;
using SecretBridge.Values;

namespace SecretBridge.Pipeline;

/// <summary>A cmdlet that works on profiles that are there: by name, by pattern, by reference or from the pipeline.</summary>
public abstract class ProfileCmdlet : SealedStoreCmdlet<ProfileQuery>
{
    private protected ProfileCmdlet()
    {
    }

    /// <summary>
    /// The profiles' names, with * and ?; case-sensitive. They are looked for in the folder -Uri, else in the default store. A reference is
    /// taken as one; its last name may be a pattern.
    /// </summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProfileCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The secrets that hold the profiles, or with -Name or a slash at the end folders of profiles. Rows of other cmdlets bind by it.</summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ReferenceText]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(UriCompleter))]
    public string[] Uri { get; set; } = [];

    /// <summary>What the profiles are, in words.</summary>
    private protected string What => Uri.Length + Name.Length == 0 ? "the piped profiles" : string.Join(", ", Uri.Length == 0 ? Name : Uri);

    /// <summary>Whether nothing named means everything in the default store.</summary>
    private protected virtual bool TakesAll => false;

    /// <inheritdoc/>
    private protected override IEnumerable<ProfileQuery> Take() => (Uri, Name) switch
    {
        ([], []) when TakesAll && !MyInvocation.ExpectingInput => [new(null, Named("*"))],
        ([], []) => throw new Reporting.BridgeException(Reporting.FaultKind.InvalidArgument, nameof(Name), "Give -Name or -Uri, or pipe profiles; * means all."),
        ([], _) => Name.Select(name => new ProfileQuery(null, Named(name))),
        (_, []) => Uri.Select(uri => new ProfileQuery(Named(uri))),
        _ => Uri.SelectMany(uri => Name.Select(name => new ProfileQuery(Named(uri), name))),
    };

    // Where a sealed file is named, a bare name means that file and nothing else.
    private string Named(string text) => SealedStoreArgument is null || text.Contains("://", StringComparison.Ordinal) ? text : "builtin://" + text;
}
