using System.Collections.ObjectModel;
using System.Management.Automation;
using SecretBridge.Reporting;

namespace SecretBridge.Values;

/// <summary>Turns what a user gave as a path into paths of files.</summary>
internal static class FilePaths
{
    /// <summary>The one file of a path that is taken as it is.</summary>
    internal static string Literal(SessionState session, string path) => session.Path.GetUnresolvedProviderPathFromPSPath(path);

    /// <summary>The files that a path with wildcards matches; folders among them are left out.</summary>
    /// <exception cref="BridgeException">It matches nothing, or is not of a file system (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal static IEnumerable<string> Matching(SessionState session, string path)
    {
        Collection<string> found;
        ProviderInfo provider;
        try
        {
            found = session.Path.GetResolvedProviderPathFromPSPath(path, out provider);
        }
        catch (Exception exception) when (exception is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or WildcardPatternException)
        {
            throw new BridgeException(FaultKind.InvalidArgument, path, $"There is no file '{path}'. What holds [ or ] goes to -LiteralPath.", exception);
        }

        return provider.Name == "FileSystem" && found.Count > 0
            ? found.Count == 1 ? found : found.Where(File.Exists)
            : throw new BridgeException(FaultKind.InvalidArgument, path, $"'{path}' matches no file.");
    }
}
