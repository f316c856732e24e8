using System.Collections.Specialized;
using System.Runtime.CompilerServices;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Wire;

namespace SecretBridge.Federation;

/// <summary>
/// Makes and changes the federation backends of one ScaiVault, and remembers those: no call is documented that lists them.
/// </summary>
public sealed class FederationBackends
{
    private readonly ScaiVaultBackend _scaiVault;
    private readonly object _gate = new();
    private readonly List<FederationBackend> _known = [];

    /// <summary>Takes a connection.</summary>
    public FederationBackends(ScaiVaultBackend scaiVault)
    {
        ArgumentNullException.ThrowIfNull(scaiVault);
        _scaiVault = scaiVault;
    }

    /// <summary>What was made or changed through this object, the first first.</summary>
    public IReadOnlyList<FederationBackend> Known
    {
        get
        {
            lock (_gate)
            {
                return _known.ToArray();
            }
        }
    }

    /// <summary>Makes a backend.</summary>
    /// <exception cref="BridgeException">An option cannot be right, or the server refused.</exception>
    public async Task<FederationBackend> CreateAsync(FederationOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var row = new FederationBackend
        {
            Name = options.Name,
            Type = options.Type,
            Address = VaultAddress.Parse(options.Address).Text,
            PathMap = MapOf(options),
            Mode = options.Mode,
            Backend = _scaiVault.Name,
            Planned = options.PlanOnly,
        };
        if (options.PlanOnly)
        {
            return row;
        }

        VaultRequest request = ScaiVaultRequests.CreateBackend(options.Name, options.Type, options.WriteConfig, options.PathMap, options.Mode);
        await Audit(options.Audit).RunAsync(
            "federation.created",
            () => row,
            async () =>
            {
                VaultReply reply = await _scaiVault.SendAsync(request, cancellationToken).ConfigureAwait(false);
                var answer = JsonFields.Of(reply.Body);
                row = row with { Id = IdOf(answer), Status = answer.Text("status") };
                Remember(row);
                return reply;
            },
            [("name", options.Name), ("type", options.Type), ("address", row.Address), ("mode", options.Mode)]).ConfigureAwait(false);
        return row.Id is not null ? row : throw new VaultException(FaultKind.MalformedReply, request,
            $"{request}: the backend '{options.Name}' seems to be made, but the reply tells no id by which it could be changed.");
    }

    /// <summary>Changes a backend.</summary>
    /// <exception cref="BridgeException">An option cannot be right, or the server refused.</exception>
    public async Task<FederationBackend> ChangeAsync(FederationChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        change.Validate();
        FederationBackend before = Known.FirstOrDefault(backend => backend.Id == change.Id) ?? new() { Name = change.Id, Id = change.Id, Backend = _scaiVault.Name };
        FederationBackend row = before with
        {
            Mode = change.Mode ?? before.Mode,
            SyncInterval = change.SyncInterval ?? before.SyncInterval,
            ConflictResolution = change.ConflictResolution ?? before.ConflictResolution,
            Planned = change.PlanOnly,
        };
        if (change.PlanOnly)
        {
            return row;
        }

        VaultRequest request = ScaiVaultRequests.ChangeBackend(change.Id, change.Mode, change.SyncInterval, change.ConflictResolution);
        await Audit(change.Audit).RunAsync(
            "federation.changed",
            () => row,
            async () =>
            {
                VaultReply reply = await _scaiVault.SendAsync(request, cancellationToken).ConfigureAwait(false);
                row = row with { Status = (reply.Body.IsEmpty ? null : JsonFields.Of(reply.Body).Text("status")) ?? row.Status };
                Remember(row);
                return reply;
            },
            [("name", row.Name), ("mode", change.Mode), ("sync_interval", change.SyncInterval), ("conflict_resolution", change.ConflictResolution)]).ConfigureAwait(false);
        return row;
    }

    /// <summary>Changes backends, one row each in their order. What could not be changed is a row with a fault; the others go on.</summary>
    public static async IAsyncEnumerable<FederationBackend> ChangeAsync(
        IAsyncEnumerable<(FederationBackends Backends, FederationChange Change)> changes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        await foreach ((FederationBackends backends, FederationChange change) in changes.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            FederationBackend row;
            try
            {
                row = await backends.ChangeAsync(change, cancellationToken).ConfigureAwait(false);
            }
            catch (BridgeException exception) when (exception.Kind != FaultKind.NotConnected)
            {
                FederationBackend? before = backends.Known.FirstOrDefault(backend => backend.Id == change.Id);
                row = (before ?? new() { Name = change.Id, Id = change.Id, Backend = backends._scaiVault.Name }) with { Reason = exception.Message, Fault = exception };
            }

            yield return row;
        }
    }

    /// <summary>The id of a backend that was made or changed through this object; what is none of their names stands for itself.</summary>
    public string IdOf(string nameOrId) => Known.LastOrDefault(backend => backend.Name == nameOrId)?.Id ?? nameOrId;

    private static string? IdOf(JsonFields answer) => answer.Text("id") ?? answer.Number("id")?.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static OrderedDictionary MapOf(FederationOptions options)
    {
        var map = new OrderedDictionary(StringComparer.Ordinal);
        foreach ((string source, string destination) in options.PathMap)
        {
            map.Add(source, destination);
        }

        return map.AsReadOnly();
    }

    private FederationAudit Audit(IAuditSink sink) => new(sink, _scaiVault.Name);

    // What has no id cannot be changed, so that there is nothing to remember of it.
    private void Remember(FederationBackend row)
    {
        if (row.Id is null)
        {
            return;
        }

        lock (_gate)
        {
            int index = _known.FindIndex(backend => backend.Id == row.Id);
            if (index < 0)
            {
                _known.Add(row);
            }
            else
            {
                _known[index] = row;
            }
        }
    }
}
