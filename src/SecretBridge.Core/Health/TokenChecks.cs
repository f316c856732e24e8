using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Wire;

namespace SecretBridge.Health;

/// <summary>What the token can do: itself, the mount, and the capabilities on a path.</summary>
internal static class TokenChecks
{
    public static async Task<IReadOnlyList<HealthCheck>> RunAsync(VaultBackend backend, string? path, CancellationToken cancellationToken)
    {
        var checks = new List<HealthCheck>();
        try
        {
            bool asked = await backend.AskTokenAsync(cancellationToken).ConfigureAwait(false);
            checks.Add(new("token", true,
                !asked ? "not asked about: it is good for a limited number of requests, or is not to be verified"
                : backend.TokenExpires is { } end ? $"valid until {end:u}"
                : "valid"));
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
            (location, MountInfo mount) = await backend.OpenAnewAsync(SecretReference.Parse(reference), cancellationToken).ConfigureAwait(false);
            checks.Add(new("mount", true, $"{location.Store.Root} is KV version {mount.KvVersion}{(mount.IsAssumed ? ", as is assumed: the server did not tell" : "")}"));
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

        IReadOnlyList<HealthCheck> capabilities = await AskCapabilitiesAsync(backend, location, cancellationToken).ConfigureAwait(false);
        checks.AddRange(capabilities);
        try
        {
            checks.AddRange(await LookAsync(location, capabilities, cancellationToken).ConfigureAwait(false));
        }
        catch (BridgeException exception)
        {
            checks.Add(new("content", false, exception.Message));
        }
    }

    // What the capabilities do not allow is not tried: their rows have said it.
    private static async Task<IReadOnlyList<HealthCheck>> LookAsync(StoreLocation location, IReadOnlyList<HealthCheck> capabilities, CancellationToken cancellationToken)
    {
        bool May(string name) => capabilities.Any(check => check.Name == name && check.Passed);
        SecretReading? reading = location.Path.IsRoot ? SecretReading.Absent
            : May("read") ? await location.Store.ReadAsync(location.Path, null, cancellationToken).ConfigureAwait(false)
            : null;
        FolderListing? listing = May("list") ? await location.Store.ListAsync(location.Path, cancellationToken).ConfigureAwait(false) : null;
        return listing is { Exists: false } && reading is { State: SecretState.Absent }
            ? [new("content", true, "nothing is there", "An empty prefix: check its spelling; names are case-sensitive.")]
            : [];
    }

    private static async Task<IReadOnlyList<HealthCheck>> AskCapabilitiesAsync(VaultBackend backend, StoreLocation location, CancellationToken cancellationToken)
    {
        bool isV2 = location.Store.Find<KvV2Store>() is not null;
        string mount = location.Store.Root.Path.Value;
        string path = location.Path.IsRoot ? "" : "/" + location.Path.Value;
        string list = (isV2 ? mount + "/metadata" : mount) + path + "/";
        string data = (isV2 ? mount + "/data" : mount) + (path.Length == 0 ? "/*" : path);
        IReadOnlyDictionary<string, IReadOnlyList<string>> capabilities;
        try
        {
            capabilities = await backend.CapabilitiesAsync([list, data], cancellationToken).ConfigureAwait(false);
        }
        catch (BridgeException exception)
        {
            return [Unknown("list", exception), Unknown("read", exception), Unknown("write", exception)];
        }

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

    private static HealthCheck Unknown(string name, BridgeException exception) =>
        new(name, false, exception.Message, "The token's capabilities are not known: a policy of it, such as 'default', must allow update on 'sys/capabilities-self', and the token must be alive.");
}
