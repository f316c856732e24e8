using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Health;

/// <summary>What the token can do: itself, the mount, and the capabilities on a path.</summary>
internal static class TokenChecks
{
    public static async Task<IReadOnlyList<HealthCheck>> RunAsync(VaultBackend backend, string? path, CancellationToken cancellationToken)
    {
        var checks = new List<HealthCheck>();
        try
        {
            await backend.VerifyTokenAsync(cancellationToken).ConfigureAwait(false);
            checks.Add(new("token", true, backend.TokenExpires is { } end ? $"valid until {end:u}" : "valid"));
        }
        catch (BridgeException exception)
        {
            checks.Add(new("token", false, exception.Message, exception.Kind switch
            {
                FaultKind.LoginFailed => "The secret_id may have expired or be used up: make a new one. After failed logins the role may be locked for some minutes.",
                FaultKind.PermissionDenied => "The token may not look itself up: its policies leave out 'default'.",
                _ => "The token expired, was revoked, or is of another server or namespace: connect again.",
            }));
            return checks;
        }

        string? reference = path ?? (backend.DefaultMount is { } mount ? $"vault://{mount.Trim('/')}" : null);
        if (reference is not null)
        {
            await CheckPathAsync(backend, reference, path is not null, checks, cancellationToken).ConfigureAwait(false);
        }

        return checks;
    }

    private static async Task CheckPathAsync(VaultBackend backend, string reference, bool withCapabilities, List<HealthCheck> checks, CancellationToken cancellationToken)
    {
        StoreLocation location;
        try
        {
            location = await backend.OpenAsync(SecretReference.Parse(reference), cancellationToken).ConfigureAwait(false);
            checks.Add(new("mount", true, $"{location.Store.Root} is KV version {(location.Store is KvV2Store ? 2 : 1)}"));
        }
        catch (BridgeException exception)
        {
            checks.Add(new("mount", false, exception.Message, backend.Namespace.Length == 0
                ? "Check the mount's name. If the server has namespaces, the mount may be in one: none is set."
                : $"Check the mount's name and the namespace '{backend.Namespace}'."));
            return;
        }

        if (!withCapabilities)
        {
            return;
        }

        try
        {
            checks.AddRange(await AskCapabilitiesAsync(backend, location, cancellationToken).ConfigureAwait(false));
            FolderListing listing = await location.Store.ListAsync(location.Path, cancellationToken).ConfigureAwait(false);
            SecretReading reading = location.Path.IsRoot ? SecretReading.Absent : await location.Store.ReadAsync(location.Path, null, cancellationToken).ConfigureAwait(false);
            if (!listing.Exists && reading.State == SecretState.Absent)
            {
                checks.Add(new("content", true, "nothing is there", "An empty prefix: check its spelling; names are case-sensitive."));
            }
        }
        catch (BridgeException exception) when (exception.Kind == FaultKind.PermissionDenied)
        {
            // The capability rows have said it.
        }
        catch (BridgeException exception)
        {
            checks.Add(new("content", false, exception.Message));
        }
    }

    private static async Task<IReadOnlyList<HealthCheck>> AskCapabilitiesAsync(VaultBackend backend, StoreLocation location, CancellationToken cancellationToken)
    {
        bool isV2 = location.Store is KvV2Store;
        string mount = location.Store.Root.Path.Value;
        string path = location.Path.IsRoot ? "" : "/" + location.Path.Value;
        string list = (isV2 ? mount + "/metadata" : mount) + path + "/";
        string data = (isV2 ? mount + "/data" : mount) + (path.Length == 0 ? "/*" : path);
        IReadOnlyDictionary<string, IReadOnlyList<string>> capabilities = await backend.CapabilitiesAsync([list, data], cancellationToken).ConfigureAwait(false);
        return
        [
            Row("list", list, ["list"]),
            Row("read", data, ["read"]),
            Row("write", data, ["create", "update"]),
        ];

        HealthCheck Row(string name, string of, string[] wanted)
        {
            IReadOnlyList<string> held = capabilities.GetValueOrDefault(of) ?? [];
            bool passed = held.Contains("root") || wanted.All(held.Contains);
            return new(name, passed, $"{of}: {string.Join(", ", held)}", passed ? null : $"A policy of the token must allow {string.Join(" and ", wanted)} on '{of}'.");
        }
    }
}
