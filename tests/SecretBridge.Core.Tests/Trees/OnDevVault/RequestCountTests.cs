using SecretBridge.DevVault;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Trees.OnDevVault;

/// <summary>What each case costs, counted: a regression shows without a clock.</summary>
public class RequestCountTests
{
    private const int Folders = 3;
    private const int Secrets = 12;

    /// <summary>Beside what each secret costs, the folders of the source and one look at the destination's: the root and those three.</summary>
    public static TheoryData<string, int, int, int, int> Cases => new()
    {
        // reads of values, reads of metadata, writes of values, writes of metadata: each a secret
        { "new", 1, 0, 1, 0 },
        { "unchanged", 2, 0, 0, 0 },
        { "new with -Verify", 2, 0, 1, 0 },
        { "unchanged with -Verify", 2, 0, 0, 0 },
        { "changed with -Conflict Overwrite", 2, 0, 1, 0 },
        { "changed with -Conflict Skip", 2, 0, 0, 0 },
        { "changed with -Conflict Fail", 2, 0, 0, 0 },
        { "new, as a plan", 1, 0, 0, 0 },
        { "new with -IncludeMetadata", 1, 2, 1, 1 },
        { "unchanged with -IncludeMetadata", 2, 2, 0, 0 },
        { "new with -Version All", 3, 1, 3, 0 },
        { "new with -Version All -Verify", 6, 1, 3, 0 },
        { "unchanged with -Version All", 6, 2, 0, 0 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Each_case_costs_these_requests_and_no_other(string what, int reads, int metadata, int writes, int metadataWrites)
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bool all = what.Contains("All", StringComparison.Ordinal);
        Fill(bench, "old", all ? ["1", "2", "3"] : ["1"]);
        for (int i = 0; i < Secrets; i++)
        {
            await bench.SetMetadataAsync("old", NameOf(i), new() { MaxVersions = 8 });
        }

        Func<CopyOptions, CopyOptions> change = options => options with
        {
            Verify = what.Contains("-Verify", StringComparison.Ordinal),
            IncludeMetadata = what.Contains("-IncludeMetadata", StringComparison.Ordinal),
            Version = all ? VersionSelection.All : VersionSelection.Latest,
            PlanOnly = what.Contains("plan", StringComparison.Ordinal),
            Conflict = what.Contains("Overwrite", StringComparison.Ordinal) ? ConflictPolicy.Overwrite
                : what.Contains("Skip", StringComparison.Ordinal) ? ConflictPolicy.Skip : ConflictPolicy.Fail,
        };

        // What is asked once a mount, whatever is copied.
        bench.Put("old", "first", "1");
        await bench.CopyAsync(change, from: "old/first", to: "new");
        bench.Server.Remove("old", "first");
        if (what.StartsWith("unchanged", StringComparison.Ordinal))
        {
            await bench.CopyAsync(change);
        }
        else if (what.StartsWith("changed", StringComparison.Ordinal))
        {
            Fill(bench, "new", ["other"]);
        }

        bench.Server.Requests.Reset();
        await bench.CopyAsync(change);
        RequestLog log = bench.Server.Requests;
        bool isNew = what.StartsWith("new", StringComparison.Ordinal);
        Assert.Equal(
            (reads * Secrets, metadata * Secrets, writes * Secrets, metadataWrites * Secrets),
            (Count(log, "GET", "/data/"), Count(log, "GET", "/metadata/", RequestKind.Metadata), Count(log, "POST", "/data/"), Count(log, "POST", "/metadata/")));
        Assert.Equal(Folders + 1, log.All.Count(request => request.Kind == RequestKind.List && request.Path.StartsWith("old/", StringComparison.Ordinal)));
        Assert.Equal(all ? 1 : 0, log.Count("GET", "new/config"));

        // A folder that its parent's listing does not name is not listed.
        Assert.Equal(isNew ? 1 : Folders + 1, log.All.Count(request => request.Kind == RequestKind.List && request.Path.StartsWith("new/", StringComparison.Ordinal)));
        Assert.Empty(log.All.Where(request => request.Kind is RequestKind.Preflight or RequestKind.Mounts or RequestKind.Health or RequestKind.Token).Select(request => request.Path));
    }

    private static int Count(RequestLog log, string method, string path, RequestKind? kind = null) =>
        log.All.Count(request => request.Method == method && request.Path.Contains(path, StringComparison.Ordinal) && (kind ?? request.Kind) == request.Kind);

    private static string NameOf(int i) => FormattableString.Invariant($"f{i % Folders}/s{i:00}");

    private static void Fill(CopyBench bench, string mount, string[] values)
    {
        for (int i = 0; i < Secrets; i++)
        {
            bench.Put(mount, NameOf(i), values);
        }
    }
}
