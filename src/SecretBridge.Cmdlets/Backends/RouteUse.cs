using SecretBridge.Reporting;
using SecretBridge.Routes;
using SecretBridge.Stores;

namespace SecretBridge.Backends;

/// <summary>The routes by which a run reads: those of the file that a parameter names, else of <c>SECRETBRIDGE_ROUTES</c>, else none.</summary>
internal static class RouteUse
{
    /// <summary>The environment variable that names a route file.</summary>
    internal const string Variable = "SECRETBRIDGE_ROUTES";

    /// <summary>The full path of the route file; null where none was named.</summary>
    /// <param name="path">What a parameter says, as a full path; null for nothing.</param>
    internal static string? Find(string? path) =>
        path ?? (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? Path.GetFullPath(named) : null);

    /// <summary>The full path of the route file.</summary>
    /// <exception cref="BridgeException">None was named (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal static string Need(string? path) =>
        Find(path) ?? throw new BridgeException(FaultKind.InvalidArgument, "Path", $"No route file is named: give -Path, or set {Variable}.");

    /// <summary>Finds stores by the routes of a file, and as they are found without routes where there is no file.</summary>
    /// <exception cref="BridgeException">The file is not there or broken (<see cref="FaultKind.InvalidConfiguration"/>).</exception>
    internal static IStoreResolver By(string? path, BackendUse backends, BackendArgument? backend, IReporter reporter)
    {
        IStoreResolver stores = backends.Stores(backend);
        if (Find(path) is not { } file)
        {
            return stores;
        }

        var options = new RouteOptions { Table = RouteFile.Load(file).Table, Reporter = reporter, Audit = backends.Audit, Workflow = backends.Workflow };
        return new RoutedResolver(stores, options);
    }
}
