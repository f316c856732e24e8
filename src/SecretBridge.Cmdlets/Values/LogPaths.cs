using System.Collections.ObjectModel;
using System.Management.Automation;
using SecretBridge.Audit;
using SecretBridge.Backends;
using SecretBridge.Reporting;

namespace SecretBridge.Values;

/// <summary>Turns what a user gave as an audit log into paths of files and folders.</summary>
internal static class LogPaths
{
    /// <summary>The files and folders that paths with wildcards match.</summary>
    /// <exception cref="BridgeException">One matches nothing (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal static string[] Matching(SessionState session, IEnumerable<string> paths) => paths.SelectMany(path => Matching(session, path)).ToArray();

    /// <summary>The files themselves, those of a folder in the order of their names.</summary>
    /// <exception cref="BridgeException">One matches nothing (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal static string[] Files(SessionState session, IEnumerable<string> paths) => Matching(session, paths)
        .SelectMany(found => Directory.Exists(found) ? Directory.GetFiles(found).Order(StringComparer.Ordinal).ToArray() : [found]).ToArray();

    /// <summary>The audit trails of SecretBridge that are given, else that of the session where it is on.</summary>
    internal static string[] Trails(SessionState session, string[] given, BackendUse backends) =>
        given.Length > 0 ? Matching(session, given)
        : backends.Trail is AuditTrail trail && File.Exists(trail.Path) ? [trail.Path]
        : [];

    private static Collection<string> Matching(SessionState session, string path)
    {
        try
        {
            Collection<string> found = session.Path.GetResolvedProviderPathFromPSPath(path, out _);
            return found.Count > 0 ? found : throw new BridgeException(FaultKind.InvalidArgument, path, $"No file matches '{path}'.");
        }
        catch (Exception exception) when (exception is ItemNotFoundException or System.Management.Automation.DriveNotFoundException)
        {
            throw new BridgeException(FaultKind.InvalidArgument, path, $"There is no file '{path}'.", exception);
        }
    }
}
