using SecretBridge.Health;
using SecretBridge.Policies;
using SecretBridge.Secrets;
using SecretBridge.Stores;
using SecretBridge.Trees;
using SecretBridge.Values;

namespace SecretBridge.Tests.Policies;

/// <summary>The operations that policies are made for.</summary>
internal static class PolicyCases
{
    private static readonly string[] OddNames = ["a${x}b", "a${b", "q\"q", "b\\s", "é中", "a*b", "+x", "x+", "tail ", "f*/x", "f+/x", "+f/x", "'#"];

    private static readonly (int, int)[] Pairs = [(2, 2), (1, 2), (2, 1), (1, 1)];

    public static IReadOnlyList<PolicyCase> All { get; } = [.. Copies(), .. Plans(), .. Comparisons(), .. Removals(), .. Moves(), .. Singles()];

    private static PolicyCase Copy(
        string name, int from, int to, PolicyDetail detail, Func<CopyOptions, CopyOptions> options, bool hasTarget = true, bool differs = false) =>
        new(name, from, to, run => [Both(run, PolicyOperation.Copy, detail)], run => run.CopyAsync(run.Source, run.Target, options)) { HasTarget = hasTarget, Differs = differs };

    private static PolicyItem Both(PolicyRun run, PolicyOperation operation, PolicyDetail detail) =>
        new() { For = operation, SourceUri = run.Source, DestinationUri = run.Target, Detail = detail };

    private static IEnumerable<PolicyCase> Copies()
    {
        foreach ((int from, int to) in Pairs)
        {
            yield return Copy("copy", from, to, new(), o => o);
            yield return Copy("copy to an empty folder", from, to, new(), o => o, hasTarget: false);
            yield return Copy("copy, overwrite", from, to, new() { WritesOver = true }, o => o with { Conflict = ConflictPolicy.Overwrite }, differs: true);
            yield return Copy("copy, verify", from, to, new() { Verify = true }, o => o with { Verify = true });
            yield return Copy("copy, all versions", from, to, new() { AllVersions = true }, o => o with { Version = VersionSelection.All });
            yield return Copy("copy, all versions, overwrite", from, to, new() { AllVersions = true, WritesOver = true },
                o => o with { Version = VersionSelection.All, Conflict = ConflictPolicy.Overwrite }, differs: true);
        }

        yield return Copy("copy, all versions, verify", 2, 2, new() { AllVersions = true, Verify = true }, o => o with { Version = VersionSelection.All, Verify = true });
        yield return Copy("copy, numbers kept", 2, 2, new() { AllVersions = true, KeepVersionNumber = true, PreservesDeleted = true },
            o => o with { Version = VersionSelection.All, KeepVersionNumber = true, DeletedVersion = DeletedVersionPolicy.Preserve });
        yield return Copy("copy, deleted preserved", 2, 2, new() { PreservesDeleted = true }, o => o with { DeletedVersion = DeletedVersionPolicy.Preserve });
        yield return Copy("copy, metadata", 2, 2, new() { IncludeMetadata = true }, o => o with { IncludeMetadata = true });
        yield return Copy("copy, metadata and all versions", 2, 2, new() { IncludeMetadata = true, AllVersions = true },
            o => o with { IncludeMetadata = true, Version = VersionSelection.All });
        yield return Copy("copy, tag", 2, 2, new() { AddsMetadata = true }, o => o with { Tag = new Dictionary<string, string> { ["by"] = "test" } });
        yield return Copy("copy, description to v2", 1, 2, new() { AddsMetadata = true }, o => o with { Description = "test" });
        yield return Copy("copy, mirror", 2, 2, new() { Mirror = true }, o => o with { Mirror = true, MaxDelete = 1 }) with
        {
            Arrange = (admin, run) => admin.PutAsync(run.TargetMount, 2, "to/lacking", new { key = "canary-x" }),
            Run = async run => await run.CopyAsync(run.Source, run.Target, o => o with { Mirror = true, MaxDelete = 1 })
                && (await (await run.Stores.ResolveAsync(SecretReference.Parse(run.Target + "/new"), default)).Store.ReadAsync(SecretPath.Parse("to/new"), null, default)).State == SecretState.Live,
        };
        yield return Copy("copy, settings of the mount", 2, 2, new() { IncludeMountConfig = true }, o => o with { IncludeMountConfig = true }) with
        {
            Arrange = (admin, run) => admin.SendAsync("POST", run.SourceMount + "/config", new { max_versions = 7 }),
        };
        yield return Copy("copy by one connection", 2, 2, new(), o => o) with { IsOneConnection = true };
        yield return Copy("copy, listed and not scanned", 2, 2, new(), o => o) with { Options = options => options with { NoScan = true } };
    }

    private static IEnumerable<PolicyCase> Plans()
    {
        foreach ((int from, int to) in Pairs)
        {
            yield return Planned("plan", from, to, o => o);
            yield return Planned("plan, overwrite", from, to, o => o with { Conflict = ConflictPolicy.Overwrite }, differs: true);
        }

        yield return Planned("plan, all versions", 2, 2, o => o with { Version = VersionSelection.All });
        yield return Planned("plan, metadata", 2, 2, o => o with { IncludeMetadata = true });
    }

    private static PolicyCase Planned(string name, int from, int to, Func<CopyOptions, CopyOptions> options, bool differs = false) => new(name, from, to,
        run => PlannedPolicy.Items(run.Plan!, run.CopyOptions(run.Target)),
        async run =>
        {
            var copy = new PlannedCopy(run.Plan!, run.CopyOptions(run.Target), run.Reporter);
            return await run.DrainAsync(copy.RunAsync(default)) && copy.Summary is { Failed: 0, Conflict: 0, Created: > 0 };
        })
    {
        HasTarget = true,
        Differs = differs,
        Prepare = run => run.PlanAsync(options(run.CopyOptions(run.Target))),
    };

    private static IEnumerable<PolicyCase> Comparisons()
    {
        foreach ((int from, int to) in Pairs)
        {
            yield return Compare("compare", from, to, new(), o => o);
        }

        yield return Compare("compare, metadata and versions", 2, 2, new() { IncludeMetadata = true, IncludeVersion = true }, o => o with { IncludeMetadata = true, IncludeVersion = true });
        yield return Compare("compare, keys only", 2, 2, new() { KeysOnly = true }, o => o with { KeysOnly = true });
    }

    private static PolicyCase Compare(string name, int from, int to, PolicyDetail detail, Func<CompareOptions, CompareOptions> options) => new(name, from, to,
        run => [Both(run, PolicyOperation.Compare, detail)],
        async run =>
        {
            var comparison = new TreeComparison(options(Comparison(run)), run.Reporter);
            return await run.DrainAsync(comparison.RunAsync(default)) && comparison.Summary is { Completed: true, Unreadable: 0 };
        })
    { HasTarget = true };

    private static CompareOptions Comparison(PolicyRun run) => new()
    {
        ReferenceStores = run.Stores,
        DifferenceStores = run.Stores,
        ReferenceUri = run.Source,
        DifferenceUri = run.Target,
        IncludeEqual = true,
    };

    private static IEnumerable<PolicyCase> Removals()
    {
        foreach ((PolicyRemoval removal, RemovalExtent extent) in new[]
        {
            (PolicyRemoval.Delete, RemovalExtent.Delete), (PolicyRemoval.Destroy, RemovalExtent.Destroy), (PolicyRemoval.AllVersions, RemovalExtent.AllVersions),
        })
        {
            foreach (int from in extent == RemovalExtent.AllVersions ? new[] { 2, 1 } : [2])
            {
                yield return Removal($"remove, {removal}", from, new() { Removal = removal }, run => new()
                {
                    Stores = run.Stores,
                    OtherStores = run.Stores,
                    Comparison = Comparison(run),
                    Extent = extent,
                    MaxDelete = 10,
                });
                yield return Removal($"remove by force, {removal}", from, new() { Removal = removal, Force = true }, run => new()
                {
                    Stores = run.Stores,
                    OtherStores = run.Stores,
                    Force = true,
                    Extent = extent,
                    MaxDelete = 10,
                }) with
                {
                    Item = run => [new() { For = PolicyOperation.Remove, SourceUri = run.Source, Detail = new() { Removal = removal, Force = true } }],
                };
            }
        }
    }

    private static PolicyCase Removal(string name, int from, PolicyDetail detail, Func<PolicyRun, RemovalOptions> options) => new(name, from, 2,
        run => [Both(run, PolicyOperation.Remove, detail)],
        async run =>
        {
            RemovalOptions made = options(run);
            var removal = new SubtreeRemoval(made, run.Reporter);
            IEnumerable<RemovalInput> inputs = made.Force ? [new RemovalInput(null, new TreeItem(run.Source))] : [];
            return await run.DrainAsync(removal.RunAsync(inputs.ToAsync(), default)) && removal.Summary is { Failed: 0, Refused: 0 } done && done.Deleted + done.Destroyed + done.Removed > 0;
        })
    { Arrange = PolicyRun.MirrorAsync };

    private static IEnumerable<PolicyCase> Moves()
    {
        yield return Move("move", 2, PolicyRemoval.Delete, RemovalExtent.Delete);
        yield return Move("move, destroy", 2, PolicyRemoval.Destroy, RemovalExtent.Destroy);
        yield return Move("move, all versions", 2, PolicyRemoval.AllVersions, RemovalExtent.AllVersions);
        yield return Move("move", 1, PolicyRemoval.AllVersions, RemovalExtent.AllVersions);
    }

    private static PolicyCase Move(string name, int from, PolicyRemoval removal, RemovalExtent extent) => new(name, from, 2,
        run => [Both(run, PolicyOperation.Move, new() { Removal = removal })],
        async run =>
        {
            var move = new SubtreeMove(new() { Copy = run.CopyOptions(run.Target), Extent = extent, MaxDelete = 20, AllowLoss = extent == RemovalExtent.Delete ? [] : [CopyLoss.History] }, run.Reporter);
            bool copied = await run.DrainAsync(move.CopyAsync(new[] { new TreeItem(run.Source) }.ToAsync(), default));
            return copied && await run.DrainAsync(move.RemoveAsync(default)) && move.Removed is { Failed: 0, Refused: 0 };
        });

    private static IEnumerable<PolicyCase> Singles()
    {
        foreach (int version in new[] { 2, 1 })
        {
            yield return Single("list", version, PolicyOperation.List, "", new(), async run =>
                await run.DrainAsync(new SubtreeWalk(new() { Stores = run.Stores }, run.Reporter).RunAsync(new[] { new TreeItem(run.Source) }.ToAsync(), default)));
            yield return Single("read", version, PolicyOperation.Read, "/new", new(), async run =>
                await run.DrainAsync(new SecretRead(new() { Stores = run.Stores }).RunAsync(Items(run.Source + "/new#key"), default)));
            yield return Single("read of all below", version, PolicyOperation.Read, "/", new(), async run =>
                await run.DrainAsync(new SecretRead(new() { Stores = run.Stores }).RunAsync(Items(run.Source + "/new", run.Source + "/sub/deep"), default)));
            yield return Single("write", version, PolicyOperation.Write, "/", new(), run => WriteAsync(run, new() { Stores = run.Stores }, "/fresh", "/new"));
            yield return Single("rotate", version, PolicyOperation.Rotate, "/same", new(), async run =>
                await run.DrainAsync(new SecretRotate(new() { Stores = run.Stores, AllowLoss = true }).RunAsync(Items(run.Source + "/same#password"), default)));
            yield return Single("health", version, PolicyOperation.Health, "/new", new(), async run =>
                (await HealthProbe.RunAsync(new() { Backend = run.Stores.First, Path = run.Source + "/new" }, run.Reporter, TimeProvider.System, default)).Healthy);
            yield return Single("delete, all versions", version, PolicyOperation.Delete, "/new", new() { Removal = PolicyRemoval.AllVersions }, run => RemoveAsync(run, RemovalKind.AllVersions));
            yield return Single("snapshot", version, PolicyOperation.Snapshot, "", new() { AllVersions = true }, SnapshotAsync);
        }

        yield return Single("read of odd names", 2, PolicyOperation.Read, "", new(), async run =>
        {
            bool allowed = await run.DrainAsync(new SecretRead(new() { Stores = run.Stores }).RunAsync(Items([.. OddNames.Select(name => Odd(run, name))]), default));
            return allowed && !await run.DrainAsync(new SecretRead(new() { Stores = run.Stores }).RunAsync(Items([.. OddNames.Select(name => Odd(run, name + "2"))]), default));
        })
            with
        {
            Arrange = async (admin, run) =>
            {
                foreach (string name in OddNames.SelectMany(name => new[] { name, name + "2" }))
                {
                    await admin.PutAsync(run.SourceMount, 2, "odd/" + name, new { k = "canary-odd" });
                }
            },
            Item = run => OddNames.Select(name => new PolicyItem { For = PolicyOperation.Read, SourceUri = Odd(run, name) }),
        };
        yield return Single("list, detailed", 2, PolicyOperation.List, "", new() { IncludeMetadata = true }, async run =>
            await run.DrainAsync(new SubtreeWalk(new() { Stores = run.Stores, Detailed = true }, run.Reporter).RunAsync(new[] { new TreeItem(run.Source) }.ToAsync(), default)));
        yield return Single("health of a connection", 2, PolicyOperation.Health, "", new(), async run =>
            (await HealthProbe.RunAsync(new() { Backend = run.Stores.First, Detailed = true, Required = [new("sys/capabilities-self", ["update"], [])] }, run.Reporter, TimeProvider.System, default)).Healthy)
            with
        { Item = run => [new() { For = PolicyOperation.Health, Backend = run.Stores.First }] };
        yield return Single("health of a mount", 2, PolicyOperation.Health, "//", new(), async run =>
            (await HealthProbe.RunAsync(new() { Backend = run.Stores.First, Path = "vault://a@" + run.SourceMount }, run.Reporter, TimeProvider.System, default)).Healthy);
        yield return Single("write by version", 2, PolicyOperation.Write, "/fresh", new() { CheckAndSet = true }, async run =>
            await WriteAsync(run, new() { Stores = run.Stores, CheckAndSet = 0 }, "/fresh") && await WriteAsync(run, new() { Stores = run.Stores, CheckAndSet = 1 }, "/fresh"));
        yield return Single("delete", 2, PolicyOperation.Delete, "/new", new(), run => RemoveAsync(run, RemovalKind.Delete));
        yield return Single("delete, destroy", 2, PolicyOperation.Delete, "/new", new() { Removal = PolicyRemoval.Destroy }, run => RemoveAsync(run, RemovalKind.Destroy));
        yield return Single("restore", 2, PolicyOperation.Restore, "/gone", new(), async run =>
            await run.DrainAsync(new SecretRestore(new() { Stores = run.Stores }).RunAsync(Items(run.Source + "/gone"), default)));
    }

    private static PolicyCase Single(string name, int version, PolicyOperation operation, string below, PolicyDetail detail, Func<PolicyRun, Task<bool>> run) => new(name, version, 2,
        made => [new() { For = operation, SourceUri = below == "//" ? "vault://a@" + made.SourceMount : made.Source + below, IsTree = below == "/", Detail = detail }], run);

    private static string Odd(PolicyRun run, string name) => SecretReference.Create("vault", "a", SecretPath.Parse($"{run.SourceMount}/odd/{name}")).ToString();

    private static IAsyncEnumerable<SecretItem> Items(params string[] uris) => uris.Select(uri => new SecretItem(uri)).ToAsync();

    private static async Task<bool> WriteAsync(PolicyRun run, WriteOptions options, params string[] below) =>
        await run.DrainAsync(new SecretWrite(options).RunAsync(
            below.Select(path => new SecretItem(run.Source + path, Payload: SecretPayload.FromValues([new("k", SealedValue.FromText("canary-" + Guid.NewGuid()))]))).ToAsync(), default));

    private static async Task<bool> RemoveAsync(PolicyRun run, RemovalKind kind) =>
        await run.DrainAsync(new SecretRemove(new() { Stores = run.Stores, Kind = kind }).RunAsync(Items(run.Source + "/new"), default));

    private static async Task<bool> SnapshotAsync(PolicyRun run)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("secretbridge-policy-");
        try
        {
            var export = new SnapshotExport(
                new()
                {
                    Stores = run.Stores,
                    Uri = run.Source,
                    File = new() { Path = Path.Combine(folder.FullName, "s"), Credential = null! },
                    PlainFormat = SecretBridge.Stores.Snapshots.PlainFormat.Json,
                    Version = VersionSelection.Latest,
                    Time = TimeProvider.System,
                },
                run.Reporter);
            return await run.DrainAsync(export.RunAsync(default), mayBeEmpty: true) && export.Summary is { Unreadable: 0, Secrets: > 0 };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
