using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using SecretBridge.Trees;

namespace SecretBridge.Tests.Policies;

/// <summary>One run of one operation: two mounts of its own, and the connections that it may use.</summary>
internal sealed class PolicyRun(PolicyAdmin admin, PolicyCase @case, string tag, bool hasCustomMetadata)
{
    private static readonly int[] First = [1];

    public string SourceMount { get; } = "src" + tag;

    public string TargetMount { get; } = "dst" + tag;

    public string Source => $"vault://a@{SourceMount}/apps";

    public string Target => $"vault://{(@case.IsOneConnection ? "a" : "b")}@{TargetMount}/to";

    public BackendSet Stores { get; set; } = null!;

    public RecordingReporter Reporter { get; } = new();

    public CopyPlan? Plan { get; set; }

    private int From => @case.SourceVersion;

    private int To => @case.TargetVersion;

    /// <summary>A tree in which there is everything that the operation may meet.</summary>
    public async Task ArrangeAsync()
    {
        await admin.MountAsync(SourceMount, From);
        await admin.MountAsync(TargetMount, To);
        foreach (string path in new[] { "new", "same", "sub/deep", "sub" })
        {
            await admin.PutAsync(SourceMount, From, "apps/" + path, new { key = "canary-" + path, password = "canary-p" });
        }

        if (From == 2)
        {
            await admin.PutAsync(SourceMount, 2, "apps/new", new { key = "canary-second" });
            await DescribeAsync(SourceMount, "apps/same", 4);
            await DescribeAsync(SourceMount, "apps/new", 4);
            await GoneAsync("apps/gone");
        }

        if (@case.HasTarget)
        {
            await admin.PutAsync(TargetMount, To, "to/same", new { key = "canary-same", password = "canary-p" });
        }

        if (@case.Differs)
        {
            await admin.PutAsync(SourceMount, From, "apps/differs", new { key = "canary-one" });
            await admin.PutAsync(TargetMount, To, "to/differs", new { key = "canary-other" });
        }

        await (@case.Arrange?.Invoke(admin, this) ?? Task.CompletedTask);
    }

    /// <summary>Copies the source to the destination with all rights, for an operation that needs both to be equal.</summary>
    public static async Task MirrorAsync(PolicyAdmin admin, PolicyRun run)
    {
        await using VaultBackend a = await admin.ConnectAsync("a", admin.RootToken);
        await using VaultBackend b = await admin.ConnectAsync("b", admin.RootToken);
        await new PolicyRun(admin, run.Case, "", false) { Stores = new BackendSet(a, b) }.CopyAsync(run.Source, run.Target, o => o);
    }

    public PolicyCase Case => @case;

    public CopyOptions CopyOptions(string destination) => new() { SourceStores = Stores, DestinationStores = Stores, DestinationUri = destination };

    public async Task<bool> CopyAsync(string source, string destination, Func<CopyOptions, CopyOptions> change)
    {
        var copy = new SubtreeCopy(change(CopyOptions(destination)), Reporter);
        await DrainAsync(copy.RunAsync(new[] { new TreeItem(source) }.ToAsync(), CancellationToken.None));
        return copy.Summary is { Failed: 0, Conflict: 0, Created: > 0 };
    }

    public async Task PlanAsync(CopyOptions options)
    {
        var rows = new List<CopyResult>();
        var copy = new SubtreeCopy(options with { PlanOnly = true }, Reporter);
        await foreach (CopyResult row in copy.RunAsync(new[] { new TreeItem(Source) }.ToAsync(), CancellationToken.None))
        {
            rows.Add(row);
        }

        Plan = CopyPlan.Of(options, copy, rows);
    }

    /// <summary>Whether no row has a fault.</summary>
    public async Task<bool> DrainAsync<T>(IAsyncEnumerable<T> rows, bool mayBeEmpty = false)
    {
        bool good = true;
        int count = 0;
        await foreach (T row in rows)
        {
            if (row is IFaultRow { Fault: { } fault })
            {
                good = false;
                Reporter.Warning(fault.Message);
            }

            count++;
        }

        return good && (mayBeEmpty || count > 0);
    }

    private async Task GoneAsync(string path)
    {
        await admin.PutAsync(SourceMount, 2, path, new { key = "canary-1" });
        await admin.PutAsync(SourceMount, 2, path, new { key = "canary-2" });
        await admin.SendAsync("POST", $"{SourceMount}/destroy/{path}", new { versions = First });
        await admin.SendAsync("DELETE", $"{SourceMount}/data/{path}");
        await admin.PutAsync(SourceMount, 2, path + "-for-good", new { key = "canary-3" });
        await admin.SendAsync("POST", $"{SourceMount}/destroy/{path}-for-good", new { versions = First });
    }

    private async Task DescribeAsync(string mount, string path, int maxVersions) =>
        await admin.SendAsync("POST", $"{mount}/metadata/{path}",
            hasCustomMetadata ? new { max_versions = maxVersions, custom_metadata = new { owner = "team" } } : new { max_versions = maxVersions });
}
