using System.Management.Automation;
using SecretBridge.Pipeline;
using SecretBridge.Profiles;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Values;

namespace SecretBridge.Commands;

/// <summary>Makes and changes sealed profiles: from parameters, a JSON or dotenv file, or another profile.</summary>
[Cmdlet(VerbsCommon.Set, "SealedProfile", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ProfileChange))]
public sealed partial class SetSealedProfile : SealedStoreCmdlet<ProfileItem>
{
    private bool _isUriGiven;

    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<ProfileItem>, Task> PrepareRun()
    {
        if (JsonPath is not null && DotEnvPath is not null)
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(DotEnvPath), "Give -JsonPath or -DotEnvPath, not both.");
        }

        _isUriGiven = MyInvocation.BoundParameters.ContainsKey(nameof(Uri));
        var write = new ProfileWrite(new() { Stores = Backends.Stores(Backend), CheckAndSet = CheckAndSet }, Reporter);
        return items => WriteRowsAsync(write.RunAsync(items, Cancellation), activity: "Writing profiles");
    }

    /// <inheritdoc/>
    private protected override IEnumerable<ProfileItem> Take()
    {
        foreach (string place in new[] { Name, Uri, InputObject?.BaseObject as string }.OfType<string>())
        {
            GivenUri.Check(place, "-Secret, -JsonPath or -DotEnvPath");
        }

        ProfileEdit given = Given();
        SealedProfile? row = InputObject?.BaseObject as SealedProfile;
        string? name = Name ?? (InputObject is null && (Uri is null || IsFolder(Uri)) ? given.Name : null);
        string? uri = Uri;
        if (InputObject?.BaseObject is string text)
        {
            uri ??= text;
        }
        else if (row is not null && !_isUriGiven && Name is not null)
        {
            // The row's own place is where it comes from; a name sends it elsewhere.
            uri = null;
        }

        // Written back to its place, a profile changes only by what is given; elsewhere it is the whole of it.
        if (row is not null && (uri is null || uri != row.Uri))
        {
            given = Content(row).With(given);
            name ??= uri is null || !IsFolder(uri) ? null : row.RelativePath;
        }

        (uri, name) = (Named(uri), uri is null ? Named(name) : name);
        string what = new ProfileQuery(uri, name).ToString();
        Answer answer = Ask($"Write the profile {what}", $"Write the profile {what}?");
        return answer == Answer.No ? [] : [new(uri, name, given, answer == Answer.PlanOnly)];
    }

    /// <inheritdoc/>
    private protected override void Refuse(BridgeException fault, bool isOneOfMany)
    {
        base.Refuse(fault, isOneOfMany);
        string shown = GivenUri.Shown(Uri ?? Name ?? InputObject?.BaseObject as string ?? "");
        WriteObject(ProfileChange.Failed(shown, shown, fault));
    }

    private static bool IsFolder(string uri) => uri.EndsWith('/');

    private static ProfileEdit Content(SealedProfile row) => row is { Fault: null, IsMetadataOnly: false }
        ? ProfileEdit.Of(row)
        : throw new BridgeException(FaultKind.InvalidProfile, row.Uri, $"'{row.Uri}' was not read with its values; there is nothing to write elsewhere.");

    private ProfileEdit Given()
    {
        ProfileEdit file = JsonPath is not null ? GivenFile.Read(FullPath(JsonPath)!, (content, path) => ProfileFile.FromJson(content, path))
            : DotEnvPath is not null ? GivenFile.Read(FullPath(DotEnvPath)!, (content, path) => ProfileFile.FromDotEnv(content, path, AsEnv))
            : new();
        return file.With(new()
        {
            Description = Description,
            Owner = Owner,
            Tags = Tag,
            AllowedWorkflows = AllowedWorkflow,
            Env = Env is null ? None : GivenValues.Payload(Env).ToDictionary(),
            Secrets = Secret is null ? None : GivenValues.Secrets(Secret, AllowPlainTextInput).ToDictionary(),
            RemoveKeys = RemoveKey,
            Replace = Replace,
        });
    }

    private static Dictionary<string, SealedValue> None => new(StringComparer.Ordinal);

    // Where a sealed file is named, a bare name means that file and nothing else.
    private string? Named(string? text) => text is null || SealedStoreArgument is null || text.Contains("://", StringComparison.Ordinal) ? text : "builtin://" + text;
}
