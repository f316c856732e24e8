using SecretBridge.Policies;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Policies;

/// <summary>
/// Proves a policy: a token that has it and nothing else can do the operation, and with any one capability of any one line
/// removed it cannot. Each run has mounts of its own.
/// </summary>
internal sealed class PolicyBench(PolicyAdmin admin, bool hasCustomMetadata, string tag)
{
    private int _runs;

    public async Task ProveAsync(PolicyCase @case)
    {
        int lines = 0;
        for (int without = -1; without < lines; without++)
        {
            PolicyRun run = await PrepareAsync(@case);
            IReadOnlyList<VaultPolicy> policies = await MakeAsync(run);
            (VaultPolicy Policy, PolicyRule Rule, string Capability)[] all =
                [.. policies.SelectMany(policy => policy.Rules.SelectMany(rule => rule.Capabilities.Select(capability => (policy, rule, capability))))];
            lines = all.Length;
            bool succeeded = await TryAsync(run, policies, without < 0 ? null : all[without]);
            string text = string.Join("\n", policies.Select(policy => policy.Hcl));
            Assert.True(succeeded == (without < 0), without < 0
                ? $"{@case}: refused with its policy.\n{text}\n{string.Join("\n", run.Reporter.Warnings)}"
                : $"{@case}: does without {all[without].Capability} on {all[without].Rule.Path}.\n{text}");
        }

        Assert.True(lines > 1, $"{@case} has no policy.");
    }

    public async Task<PolicyRun> PrepareAsync(PolicyCase @case)
    {
        var run = new PolicyRun(admin, @case, FormattableString.Invariant($"{tag}{++_runs}"), hasCustomMetadata);
        await run.ArrangeAsync();
        return run;
    }

    public async Task<IReadOnlyList<VaultPolicy>> MakeAsync(PolicyRun run)
    {
        await using VaultBackend a = await admin.ConnectAsync("a", admin.RootToken);
        await using VaultBackend b = await admin.ConnectAsync("b", admin.RootToken);
        run.Stores = new(a, b);
        await (run.Case.Prepare?.Invoke(run) ?? Task.CompletedTask);
        var options = new PolicyOptions { SourceStores = run.Stores, DestinationStores = run.Stores };
        return await new PolicyMaker(run.Case.Options(options), run.Reporter).RunAsync(run.Case.Item(run).ToAsync(), CancellationToken.None);
    }

    private async Task<bool> TryAsync(PolicyRun run, IReadOnlyList<VaultPolicy> policies, (VaultPolicy Policy, PolicyRule Rule, string Capability)? removed)
    {
        var backends = new List<VaultBackend>();
        try
        {
            foreach (IGrouping<string, VaultPolicy> connection in policies.GroupBy(policy => policy.Backend))
            {
                var names = new List<string>();
                foreach (VaultPolicy policy in connection)
                {
                    names.Add(FormattableString.Invariant($"{policy.Name}-{tag}{_runs}"));
                    await admin.WritePolicyAsync(names[^1], removed is { } line && line.Policy == policy ? Without(policy, line.Rule, line.Capability) : policy.Hcl);
                }

                backends.Add(await admin.ConnectAsync(connection.Key, await admin.TokenAsync(names)));
            }

            run.Stores = new([.. backends]);
            return await run.Case.Run(run);
        }
        catch (BridgeException exception)
        {
            run.Reporter.Warning(exception.Message);
            return false;
        }
        finally
        {
            foreach (VaultBackend backend in backends)
            {
                await backend.DisposeAsync();
            }
        }
    }

    private static string Without(VaultPolicy policy, PolicyRule rule, string capability) => string.Join('\n',
        policy.Rules.Select(kept => kept != rule ? kept : kept with { Capabilities = [.. kept.Capabilities.Where(one => one != capability)] })
            .Where(kept => kept.Capabilities.Count > 0).Select(kept => kept.ToString()).DefaultIfEmpty("path \"none\" { capabilities = [\"deny\"] }"));
}
