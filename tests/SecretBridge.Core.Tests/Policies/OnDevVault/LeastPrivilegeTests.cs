using SecretBridge.DevVault;
using Xunit;

namespace SecretBridge.Tests.Policies.OnDevVault;

public class LeastPrivilegeTests
{
    public static TheoryData<VaultFlavour, int> Cases
    {
        get
        {
            var data = new TheoryData<VaultFlavour, int>();
            for (int i = 0; i < PolicyCases.All.Count; i++)
            {
                data.Add(VaultFlavour.Vault, i);
                data.Add(VaultFlavour.OpenBao, i);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task An_operation_succeeds_with_its_policy_alone_and_fails_without_any_one_line_of_it(VaultFlavour flavour, int number)
    {
        await using DevVaultServer server = await DevVaultServer.StartAsync(new() { Flavour = flavour });
        await using var admin = new PolicyAdmin(server.Address.ToString(), server.RootToken);
        await new PolicyBench(admin, flavour == VaultFlavour.OpenBao, "").ProveAsync(PolicyCases.All[number]);
    }
}
