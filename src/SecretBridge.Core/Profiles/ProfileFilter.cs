using System.IO.Enumeration;
using SecretBridge.Reporting;

namespace SecretBridge.Profiles;

/// <summary>Decides which of the profiles found are wanted and allowed.</summary>
internal sealed class ProfileFilter(ProfileOptions options)
{
    /// <summary>Why the profile is not wanted; null where it is.</summary>
    /// <exception cref="BridgeException">It cannot be decided by what is known.</exception>
    internal string? WhyNotWanted(string uri, ProfileFacts facts)
    {
        if (options.Tags.Count > 0 && !Known(uri, facts.Tags, "tags").Any(tag => options.Tags.Any(pattern => Matches(pattern, tag))))
        {
            return $"'{uri}' was left out: it has none of the tags.";
        }

        return options.Owner is { } owner && !Matches(owner, Known(uri, facts.Owner, "owner")) ? $"'{uri}' was left out: it has another owner." : null;
    }

    /// <summary>Why the workflow may not use the profile; null where it may. The list is exact and case-sensitive.</summary>
    /// <exception cref="BridgeException">It cannot be decided by what is known.</exception>
    internal BridgeException? WhyNotAllowed(string uri, ProfileFacts facts) =>
        options.Workflow is { } workflow && Known(uri, facts.AllowedWorkflows, "allowed_workflows") is { Count: > 0 } allowed && !allowed.Contains(workflow, StringComparer.Ordinal)
            ? ProfileFaults.NotAllowed(uri, workflow)
            : null;

    private static bool Matches(string pattern, string text) => FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: true);

    private static T Known<T>(string uri, T? fact, string name)
        where T : class =>
        fact ?? throw new BridgeException(FaultKind.NotSupported, uri,
            $"Whether '{uri}' is meant cannot be told: its metadata does not say its {name}. Read it without -MetadataOnly.");
}
