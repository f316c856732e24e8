using System.Collections.Specialized;
using System.Runtime.CompilerServices;
using System.Text.Json;
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

        VaultRequest request = ScaiVaultRequests.CreateBackend(options.Name, options.Type, writer => WriteConfig(writer, options), options.PathMap, options.Mode);
        JsonFields answer = JsonFields.Of((await _scaiVault.SendAsync(request, cancellationToken).ConfigureAwait(false)).Body);
        row = row with
        {
            Id = IdOf(answer) ?? throw new VaultException(FaultKind.MalformedReply, request.Verb, request.Path,
                $"{request}: the backend '{options.Name}' seems to be made, but the reply tells no id by which it could be changed."),
            Status = answer.Text("status"),
        };
        Remember(row);
        return row;
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
        VaultReply reply = await _scaiVault.SendAsync(request, cancellationToken).ConfigureAwait(false);
        row = row with { Status = (reply.Body.IsEmpty ? null : JsonFields.Of(reply.Body).Text("status")) ?? row.Status };
        Remember(row);
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

    private static void WriteConfig(Utf8JsonWriter writer, FederationOptions options)
    {
        IReadOnlyDictionary<string, SealedValue> more = options.Config?.ToDictionary() ?? new Dictionary<string, SealedValue>();
        foreach ((string name, string? value) in new[]
        {
            ("endpoint", VaultAddress.Parse(options.Address).Text),
            ("namespace", options.Namespace),
            ("auth_method", options.AuthMethod),
            ("auth_config_path", options.AuthConfigPath),
        })
        {
            if (value is not null && !more.ContainsKey(name))
            {
                writer.WriteString(name, value);
            }
        }

        if (options.TlsVerify is { } verify && !more.ContainsKey("tls_verify"))
        {
            writer.WriteBoolean("tls_verify"u8, verify);
        }

        foreach ((string name, SealedValue value) in more)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(value.Json, skipInputValidation: true);
        }
    }

    private void Remember(FederationBackend row)
    {
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
