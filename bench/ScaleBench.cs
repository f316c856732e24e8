using System.Text.Json;
using SecretBridge.DevVault;

namespace SecretBridge.Bench;

/// <summary>What latency and size do: a slow network against a sequential loop, and the memory of a million secrets.</summary>
internal static class ScaleBench
{
    private const int FewFolders = 20;
    private static readonly string[] Jobs = ["walk", "compare", "measure"];

    /// <summary>Each request waits 20 ms; the loop that is compared with is ours, one secret at a time.</summary>
    public static async Task<bool> LatencyAsync(BenchOptions options, Report report)
    {
        await using BenchServer server = await BenchServer.StartDevVaultAsync();
        string address = server.Address.ToString();
        await server.MountAsync("source");
        await OurCopy.SeedAsync(address, server.Token, "source", options);
        server.DevVault!.Faults.Add(new Fault { Kind = FaultKind.Latency, Delay = TimeSpan.FromMilliseconds(20), Times = null });
        Measured free = await CopyAsync(server, "found-out", 0);
        Measured freely = await CompareAsync(server, "found-out");

        // The loop is cut short: each of its secrets takes the same time.
        int few = options.Secrets / FewFolders;
        await using BenchServer slow = await BenchServer.StartDevVaultAsync();
        BenchOptions part = options with { Secrets = few, Folders = Math.Max(1, options.Folders / FewFolders) };
        await slow.MountAsync("source");
        await OurCopy.SeedAsync(slow.Address.ToString(), slow.Token, "source", part);
        slow.DevVault!.Faults.Add(new Fault { Kind = FaultKind.Latency, Delay = TimeSpan.FromMilliseconds(20), Times = null });
        Measured loop = await CopyAsync(slow, "one-by-one", 1);
        Measured slowly = await CompareAsync(slow, "one-by-one", "1");
        report.Line();
        report.Line("## 20 ms on each request (DevVault)");
        report.Line();
        return Tell(report, "Copy", options.Secrets / Inside(free), few / Inside(loop))
            & Tell(report, "Compare", options.Secrets / Inside(freely), few / Inside(slowly));
    }

    /// <summary>Walk, compare and measure trees of 100,000 and of 1,000,000 secrets, one folder of 100,000 names among them.</summary>
    public static async Task<bool> MemoryAsync(Report report)
    {
        report.Line();
        report.Line("## Memory (a client process of its own, DevVault's synthetic trees)");
        report.Line();
        report.Line("| secrets | what | s | peak memory MiB |");
        report.Line("|---|---|---|---|");
        var peaks = new Dictionary<string, double>();
        foreach (int folders in new[] { 100, 1000 })
        {
            await using BenchServer server = await BenchServer.StartDevVaultAsync();
            server.DevVault!.MountSynthetic("left", folders, 1000, 100);
            server.DevVault.MountSynthetic("right", folders, 1000, 100);
            server.DevVault.MountSynthetic("wide", 1, 100_000, 100);
            foreach (string what in Jobs)
            {
                Measured run = await Measured.RunAsync(server, Environment.ProcessPath!, what, "left", "right");
                peaks[$"{what}{folders}"] = Row(report, folders * 1000, what, run);
            }

            if (folders == 100)
            {
                peaks["wide"] = Row(report, 100_000, "walk, all in one folder", await Measured.RunAsync(server, Environment.ProcessPath!, "walk", "wide", "wide"));
            }
        }

        bool good = peaks.Values.Max() <= 256 && Jobs.All(what => peaks[what + "1000"] <= peaks[what + "100"] * 1.2);
        report.Line();
        report.Line(FormattableString.Invariant($"The most was {peaks.Values.Max():0} MiB; ten times as many secrets took {peaks["walk1000"] / peaks["walk100"]:0.00} times the memory to walk and {peaks["compare1000"] / peaks["compare100"]:0.00} times to compare and {peaks["measure1000"] / peaks["measure100"]:0.00} times to measure."));
        return good;
    }

    private static bool Tell(Report report, string what, double ours, double sequential)
    {
        report.Line(FormattableString.Invariant($"{what}: without any option {ours:0} secrets/s, one at a time {sequential:0.0} secrets/s: {ours / sequential:0.0} times as fast."));
        return ours / sequential >= 20;
    }

    private static double Row(Report report, int secrets, string what, Measured run)
    {
        double peak = run.PeakMemory / (double)(1 << 20);
        report.Line(FormattableString.Invariant($"| {secrets} | {what}{(run.ExitCode == 0 ? "" : " FAILED")} | {run.Wall.TotalSeconds:0.0} | {peak:0} |"));
        return run.ExitCode == 0 ? peak : double.MaxValue;
    }

    private static async Task<Measured> CopyAsync(BenchServer server, string target, int throttle)
    {
        await server.MountAsync(target);
        Measured run = await Measured.RunAsync(server, Environment.ProcessPath!, "copy", "source", target, $"{throttle}", "False");
        return run.ExitCode == 0 ? run : throw new InvalidOperationException("A copy failed: " + run.Output);
    }

    private static async Task<Measured> CompareAsync(BenchServer server, string target, params string[] throttle)
    {
        Measured run = await Measured.RunAsync(server, Environment.ProcessPath!, ["compare", "source", target, .. throttle]);
        return run.ExitCode == 0 ? run : throw new InvalidOperationException("A comparison failed: " + run.Output);
    }

    private static double Inside(Measured run)
    {
        using var json = JsonDocument.Parse(run.Output);
        return json.RootElement.GetProperty("seconds").GetDouble();
    }
}
