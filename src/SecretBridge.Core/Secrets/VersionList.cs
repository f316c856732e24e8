using SecretBridge.Reporting;

namespace SecretBridge.Secrets;

/// <summary>Which versions a change is about.</summary>
internal static class VersionList
{
    /// <summary>The versions of the options, or the one that the reference names.</summary>
    /// <exception cref="BridgeException">Both name versions, and not the same.</exception>
    internal static IReadOnlyList<int> Of(SecretPlace place, IReadOnlyList<int> versions) => place.Reference.Version switch
    {
        null => versions,
        { } version when versions.Count == 0 || (versions.Count == 1 && versions[0] == version) => [version],
        { } version => throw new BridgeException(FaultKind.InvalidArgument, place.Reference.ToString(),
            $"The reference names version {version}, the parameter another."),
    };
}
