using System.Globalization;
using SecretBridge.References;
using SecretBridge.Stores;
using SecretBridge.Tests.Wire;
using SecretBridge.Tests.Wire.OnDevVault;
using SecretBridge.Trees;
using SecretBridge.Wire;
using Fault = SecretBridge.DevVault.Fault;
using Hit = SecretBridge.DevVault.FaultKind;

namespace SecretBridge.Tests.References.OnDevVault;

/// <summary>References to one server, resolved with one cache.</summary>
public abstract class ResolveTest : ServerTest
{
    private protected ReferenceCache Cache { get; } = new();

    private protected RecordingAudit Audit { get; } = new();

    private protected BackendRegistry Registry { get; } = new();

    private protected async Task<VaultBackend> ConnectAsync(VaultAuth? auth = null, string name = "prod")
    {
        VaultBackend backend = await base.ConnectAsync(auth ?? new TokenAuth(Connection.Secure(Server.RootToken)), options => options with { Name = name });
        Registry.Add(backend);
        return backend;
    }

    private protected async Task<List<ResolvedSecret>> ResolveAllAsync(
        IEnumerable<ResolveItem> items, Func<ResolveOptions, ResolveOptions>? change = null, CancellationToken cancellationToken = default)
    {
        var options = new ResolveOptions { Stores = Registry, Cache = Cache, Time = Time, Audit = Audit };
        var resolve = new ReferenceResolve(change?.Invoke(options) ?? options, Reporter);
        var rows = new List<ResolvedSecret>();
        await foreach (ResolvedSecret row in resolve.RunAsync(items.ToAsync(), cancellationToken))
        {
            rows.Add(row);
        }

        return rows;
    }

    private protected async Task<ResolvedSecret> ResolveAsync(string uri, Func<ResolveOptions, ResolveOptions>? change = null) =>
        (await ResolveAllAsync([new(uri)], change))[0];

    /// <summary>Lets a path of KV version 1 answer with a lease, as secrets engines other than KV do.</summary>
    private protected void Lease(string path, int seconds) => Server.Faults.Add(new Fault
    {
        Kind = Hit.Status,
        Status = 200,
        Path = path,
        Body = string.Create(CultureInfo.InvariantCulture, $$$"""{"request_id":"r1","lease_id":"{{{path}}}/abc","lease_duration":{{{seconds}}},"data":{"value":"canary-leased"}}"""),
    });

    private protected Fault GoDown(int status = 503) => Server.Faults.Add(new Fault { Kind = Hit.Status, Status = status, Body = """{"errors":["Vault is sealed"]}""", Times = null });
}
