using System.Globalization;
using System.Text.Json;
using SecretBridge.Bench;
using SecretBridge.Trees;

// Each measured run is a process of its own, ours as well as a peer's.
switch (args)
{
    case ["copy", var source, var target, var throttle, var verify]:
        int limit = int.Parse(throttle, CultureInfo.InvariantCulture);
        CopySummary copied = await OurCopy.CopyAsync(Env("BENCH_ADDR"), Env("BENCH_TOKEN"), source, target, limit == 0 ? null : limit, bool.Parse(verify));
        Console.WriteLine(JsonSerializer.Serialize(new { secrets = copied.Created + copied.Updated, seconds = copied.Duration.TotalSeconds }));
        return copied.Succeeded ? 0 : 1;
    case ["warm", var source, var target, var rounds, var throttle]:
        int warmLimit = int.Parse(throttle, CultureInfo.InvariantCulture);
        return await WarmRuns.OursAsync(Env("BENCH_ADDR"), Env("BENCH_TOKEN"), source, target, int.Parse(rounds, CultureInfo.InvariantCulture), warmLimit == 0 ? null : warmLimit);
    case ["floor", var source, var target, var rounds]:
        return await WarmRuns.FloorAsync(Env("BENCH_ADDR"), Env("BENCH_TOKEN"), source, target, int.Parse(rounds, CultureInfo.InvariantCulture));
    case ["compare", var left, var right, .. var more]:
        ComparisonSummary compared = await OurCopy.CompareAsync(Env("BENCH_ADDR"), Env("BENCH_TOKEN"), left, right, more.Length == 0 ? null : int.Parse(more[0], CultureInfo.InvariantCulture));
        Console.WriteLine(JsonSerializer.Serialize(new { secrets = compared.Equal, seconds = compared.Duration.TotalSeconds }));
        return compared.IsClean ? 0 : 1;
    case ["walk", var root, _]:
        Console.WriteLine(await OurCopy.WalkAsync(Env("BENCH_ADDR"), Env("BENCH_TOKEN"), root));
        return 0;
    case ["measure", var root, _]:
        Console.WriteLine(await OurCopy.MeasureAsync(Env("BENCH_ADDR"), Env("BENCH_TOKEN"), root));
        return 0;
    case ["find", var log, var uri]:
        return await OurConsumers.PrintAsync(log, uri);
    case ["audit", .. var rest]:
        return await AuditBench.RunAsync(BenchOptions.Parse(rest));
    case ["sealed", .. var rest]:
        return await SealedBench.RunAsync(BenchOptions.Parse(rest));
    case ["scale", .. var rest]:
        return await ScaleAsync(BenchOptions.Parse(rest));
    default:
        return await CopiesAsync(BenchOptions.Parse(args));
}

static async Task<int> CopiesAsync(BenchOptions options)
{
    var report = new Report();
    report.Line($"# Copy of {options.Secrets} secrets in {options.Folders} folders, KV v2 to KV v2, over loopback{(options.Tls ? ", through TLS" : "")}");
    report.Line();
    report.Line($"{Environment.ProcessorCount} cores shared with the server, {options.Rounds} rounds in turn, medians. Each copy is a cold process, timed from its start to its end, and compared with its source afterwards.");
    bool good = true;
    foreach (Func<Task<BenchServer?>> start in new Func<Task<BenchServer?>>[] { () => BenchServer.TryStartRealAsync(options.Tls), async () => await BenchServer.StartDevVaultAsync() }.Skip(options.DevVaultOnly ? 1 : 0).Take(options.RealOnly ? 1 : 2))
    {
        await using BenchServer? server = await start();
        if (server is null)
        {
            report.Line();
            report.Line("No `vault` or `bao` on PATH: nothing measured on a real server.");
            continue;
        }

        good &= await new CopyBench(server, options, report).RunAsync();
    }

    await report.SaveAsync(options.Output);
    return good ? 0 : 1;
}

static async Task<int> ScaleAsync(BenchOptions options)
{
    var report = new Report();
    report.Line("# Latency and size");
    bool good = await ScaleBench.LatencyAsync(options, report);
    good &= await ScaleBench.MemoryAsync(report);
    await report.SaveAsync(options.Output);
    return good ? 0 : 1;
}

static string Env(string name) => Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set.");
