using SecretBridge.Audit;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Backends;

/// <summary>The connections that one run of a cmdlet may use.</summary>
internal sealed class BackendUse(BackendRegistry registry, SealedStoreUse sealedStore)
{
    private readonly HashSet<VaultBackend> _given = [];
    private readonly HashSet<ScaiVaultBackend> _givenScaiVault = [];

    /// <summary>The runspace's connections.</summary>
    internal BackendRegistry Registry => registry;

    /// <summary>The sealed file that builtin:// means.</summary>
    internal SealedStoreUse SealedStore => sealedStore;

    /// <summary>The connection that a parameter means; the current one where it was not given.</summary>
    /// <exception cref="BridgeException">There is none (<see cref="FaultKind.NotConnected"/>).</exception>
    internal VaultBackend Get(BackendArgument? argument)
    {
        if (argument?.ScaiVault is not null)
        {
            throw new BridgeException(FaultKind.InvalidArgument, argument.Name, $"'{argument.Name}' is a connection to ScaiVault, and this is asked of a Vault or OpenBao server.");
        }

        VaultBackend backend = argument?.Connection ?? registry.Get(argument?.Name);
        _given.Add(backend);
        return backend;
    }

    /// <summary>The workflow on whose behalf the cmdlet runs; null where none was named. Set it before asking for stores.</summary>
    internal string? Workflow { get; set; }

    /// <summary>Where events of this run go that no store can tell, such as the use of a profile. The connection's login is named in them.</summary>
    internal IAuditSink Audit => Trail is NoAudit none ? none : new ConnectionAudit(Trail, Named);

    /// <summary>Where events of this run end.</summary>
    internal IAuditSink Trail => _given.Select(backend => backend.Audit).FirstOrDefault(sink => sink is not null) ?? AuditSwitch.Of(registry);

    /// <summary>
    /// Finds stores by the parameter's connection where a reference names none. They tell the audit trail what is done with them.
    /// One name may mean a connection of either kind, or of both: the scheme of each reference decides.
    /// </summary>
    internal IStoreResolver Stores(BackendArgument? argument)
    {
        ScaiVaultBackend? scaiVault = argument is null ? null : FindScaiVault(argument);
        bool isVault = argument is not null && argument.ScaiVault is null
            && (scaiVault is null || argument.Connection is not null || registry.Backends.Any(backend => IsNamed(backend.Name, argument.Name)));
        return Audited(registry.With(isVault ? Get(argument) : null, scaiVault, sealedStore.FindAsync));
    }

    /// <summary>The ScaiVault connection that a parameter means; the current one where it was not given.</summary>
    /// <exception cref="BridgeException">There is none (<see cref="FaultKind.NotConnected"/>).</exception>
    internal ScaiVaultBackend GetScaiVault(ScaiVaultArgument? argument)
    {
        ScaiVaultBackend backend = argument?.Connection ?? registry.ScaiVault.Get(argument?.Name);
        _givenScaiVault.Add(backend);
        return backend;
    }

    private ScaiVaultBackend? FindScaiVault(BackendArgument argument)
    {
        ScaiVaultBackend? backend = argument.ScaiVault ?? (argument.Connection is null ? registry.ScaiVault.Find(argument.Name) : null);
        if (backend is not null)
        {
            _givenScaiVault.Add(backend);
        }

        return backend;
    }

    private static bool IsNamed(string name, string other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);

    private IStoreResolver Audited(IStoreResolver stores) =>
        Trail is not NoAudit and var sink
            ? new AuditedResolver(stores, new() { Sink = sink, Backend = Named, Workflow = Workflow })
            : stores;

    private VaultBackend? Named(string? name) =>
        _given.Concat(registry.Backends).FirstOrDefault(backend => string.Equals(backend.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Sends what the connections say to a reporter until the result is disposed.</summary>
    internal IDisposable ReportTo(IReporter reporter) =>
        new Scopes(registry.Backends.Union(_given).Select(backend => backend.ReportTo(reporter))
            .Concat(registry.ScaiVault.All.Union(_givenScaiVault).Select(backend => backend.ReportTo(reporter))).ToArray());

    private sealed class Scopes(IDisposable[] scopes) : IDisposable
    {
        public void Dispose()
        {
            foreach (IDisposable scope in scopes)
            {
                scope.Dispose();
            }
        }
    }
}
