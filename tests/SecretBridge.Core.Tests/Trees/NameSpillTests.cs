using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Trees;

public class NameSpillTests
{
    private readonly ProbedStore _source = new("kv");
    private readonly ProbedStore _target = new("kv2");
    private readonly RecordingReporter _reporter = new();

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(1000)]
    public void Names_come_back_as_they_were_and_in_their_order(int bound)
    {
        var root = new StoreLocation(_source, SecretPath.Parse("apps"));
        SourceStep[] steps =
        [
            Step("a") with { Version = 3 },
            Step("f/\u00e9 #?%"),
            Step("") with { IsTwin = true, Location = null, RootLocation = null, Relative = SecretPath.Root },
            Step("g/") with { Fault = ProbedStore.Denied(SecretPath.Parse("g")) },
            Step("z") with { IsListed = false, Root = "vault://other" },
        ];
        using var spill = new NameSpill(bound);
        Array.ForEach(steps, spill.Add);
        Assert.Equal(bound < steps.Length, spill.IsSpilled);
        Assert.Equal(steps, spill.Read());
        Assert.Equal(steps, spill.Read());

        SourceStep Step(string path) => new()
        {
            Uri = "vault://memory@kv/apps/" + path,
            Root = "vault://memory@kv/apps",
            RelativePath = path,
            Relative = path.Length == 0 ? SecretPath.Root : SecretPath.Parse(path.TrimEnd('/')),
            Location = root with { Path = SecretPath.Parse("apps/x" + path.TrimEnd('/')) },
            RootLocation = root,
            IsListed = true,
        };
    }

    [Fact]
    public async Task A_mapped_copy_past_the_bound_does_what_one_in_memory_does_and_leaves_no_file()
    {
        string[] before = Files();
        await PutAsync();
        List<string> inMemory = await PlanAsync(1000), spilled = await PlanAsync(5);
        Assert.Equal(40, inMemory.Count);
        Assert.Equal(inMemory, spilled);
        Assert.Empty(Files().Except(before));
    }

    [Fact]
    public async Task A_collision_past_the_bound_names_both_sources_before_anything_is_written_and_leaves_no_file()
    {
        string[] before = Files();
        await PutAsync();
        BridgeException fault = await Assert.ThrowsAsync<BridgeException>(() => DrainAsync([new("f0/s00", "one"), new("f3/s39", "one"), new("**", "x/**")], 5, planOnly: false));
        Assert.Equal(FaultKind.MapCollision, fault.Kind);
        Assert.Contains("both 'vault://memory@kv/f0/s00' and 'vault://memory@kv/f3/s39'", fault.Message, StringComparison.Ordinal);
        Assert.Empty(_target.Writes);
        Assert.Empty(Files().Except(before));
    }

    [Fact]
    public void The_file_is_its_owners_alone_and_has_no_name_while_it_is_used()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var spill = new NameSpill(0);
        spill.Add(new() { Uri = "vault://memory@kv/a", Root = "vault://memory@kv", RelativePath = "a" });
        string open = Assert.Single(Directory.GetFiles("/proc/self/fd").Select(LinkOf), file => file.Contains("secretbridge-", StringComparison.Ordinal) && file.Contains(".names", StringComparison.Ordinal));
        Assert.EndsWith("(deleted)", open, StringComparison.Ordinal);
    }

    // Other tests close files meanwhile.
    private static string LinkOf(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, false)?.FullName ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static string[] Files() => Directory.GetFiles(Path.GetTempPath(), "secretbridge-*.names");

    private async Task PutAsync()
    {
        for (int i = 0; i < 40; i++)
        {
            await _source.PutAsync(FormattableString.Invariant($"f{i % 4}/s{i:00}"), $$"""{"k":{{i}}}""");
        }
    }

    private async Task<List<string>> PlanAsync(int bound)
    {
        List<CopyResult> rows = await DrainAsync([new("f1/*", "moved/*"), new("**", "**")], bound, planOnly: true);
        return [.. rows.Select(row => $"{row.Action} {row.Uri} {row.Destination} {row.Root} {row.SourceVersion}")];
    }

    private async Task<List<CopyResult>> DrainAsync(IReadOnlyList<MapRule> map, int bound, bool planOnly)
    {
        var stores = new StoreSet(_source, _target);
        var copy = new SubtreeCopy(
            new() { SourceStores = stores, DestinationStores = stores, DestinationUri = "vault://kv2", Map = map, PlanOnly = planOnly, SpillAfter = bound }, _reporter);
        var rows = new List<CopyResult>();
        await foreach (CopyResult row in copy.RunAsync(new[] { new TreeItem("vault://kv") }.ToAsync(), CancellationToken.None))
        {
            rows.Add(row);
        }

        return rows;
    }
}
