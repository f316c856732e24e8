using System.Reflection;
using SecretBridge.Stores;
using Xunit;
using Xunit.Sdk;

namespace SecretBridge.Tests.Stores.OnLiveServer;

/// <summary>The store contract on a real server; skipped as a whole where there is none.</summary>
public class KvStoreOnLiveServerTests(LiveServer server) : IClassFixture<LiveServer>
{
    public static TheoryData<int, string, object[]> Contract
    {
        get
        {
            var rows = new TheoryData<int, string, object[]>();
            foreach (int kvVersion in new[] { 1, 2 })
            {
                foreach (MethodInfo method in typeof(SecretStoreContract).GetMethods().Where(method => method.GetCustomAttribute<FactAttribute>() is not null))
                {
                    foreach (object[] row in method.GetCustomAttributes<DataAttribute>().SelectMany(data => data.GetData(method)).DefaultIfEmpty([]))
                    {
                        rows.Add(kvVersion, method.Name, row);
                    }
                }
            }

            return rows;
        }
    }

    [LiveTheory]
    [MemberData(nameof(Contract), DisableDiscoveryEnumeration = true)]
    public async Task A_KV_mount_keeps_the_contract(int kvVersion, string method, object[] row)
    {
        string mount = await server.MountAsync(kvVersion);
        try
        {
            await (Task)typeof(SecretStoreContract).GetMethod(method)!.Invoke(new OnMount(server.Backend!, mount), row)!;
        }
        finally
        {
            await server.UnmountAsync(mount);
        }
    }

    private sealed class OnMount(VaultBackend backend, string mount) : SecretStoreContract
    {
        protected override async Task<ISecretStore> CreateAsync() =>
            (await backend.OpenAsync(SecretReference.Parse($"vault://{mount}"), CancellationToken.None)).Store;
    }
}
