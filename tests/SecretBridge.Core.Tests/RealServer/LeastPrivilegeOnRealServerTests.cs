using SecretBridge.Tests.Policies;
using Xunit;

namespace SecretBridge.Tests.RealServer;

[Collection(SharedRealVault.Name)]
public sealed class LeastPrivilegeOnRealServerTests(RealVault vault)
{
    /// <summary>One of each operation: what a server makes of policies does not change with an operation's options.</summary>
    private static readonly string[] Chosen =
    [
        "copy", "copy, overwrite", "copy, all versions", "copy, numbers kept", "copy, metadata", "copy, tag", "copy, mirror", "copy, settings of the mount", "plan, metadata",
        "compare, keys only", "remove, AllVersions", "move", "list", "write", "delete", "restore", "health", "snapshot", "read of odd names",
    ];

    public static TheoryData<string> Cases => [.. PolicyCases.All.Where(one => Chosen.Contains(one.Name)).Select(one => one.ToString())];

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public async Task An_operation_succeeds_with_its_policy_alone_and_fails_without_any_one_line_of_it(string name)
    {
        Skip.IfNot(vault.IsThere, RealVault.Why);
        await using var admin = new PolicyAdmin(vault.Address, vault.Token);
        await new PolicyBench(admin, hasCustomMetadata: false, "-" + Guid.NewGuid().ToString("N")).ProveAsync(PolicyCases.All.Single(one => one.ToString() == name));
    }
}
