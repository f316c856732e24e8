using System.Text.Json;
using SecretBridge.Trees;

namespace SecretBridge.Bench;

/// <summary>Copies and comparisons of ours and of peers beside the bound that the server sets, on one server, in turn.</summary>
internal sealed class CopyBench(BenchServer server, BenchOptions options, Report report)
{
    private readonly string _address = server.Address.ToString();

    public async Task<bool> RunAsync()
    {
        report.Line();
        report.Line($"## {server.Name}");
        report.Line();
        await server.MountAsync("source");
        await OurCopy.SeedAsync(_address, server.Token, "source", options);
        IReadOnlyList<Peer> others = options.OursOnly ? [] : await Peer.OnThisMachineAsync(server);
        var figures = new Dictionary<Peer, List<Figures>>();
        foreach (Peer peer in new[] { Peer.Ours(options.Throttle), Peer.Ours(options.Throttle, verify: true), Peer.Floor() }.Concat(others))
        {
            figures[peer] = [];
        }

        var bounds = new List<ServerBound>();
        bool good = true;
        for (int round = 0; round < options.Rounds; round++)
        {
            // The bound of each round is measured in it: machines are not as fast all the time.
            if (await ServerBound.TryMeasureAsync(server, options) is { } measured)
            {
                bounds.Add(measured);
            }

            foreach ((Peer peer, List<Figures> all) in figures)
            {
                all.Add(await MeasureAsync(peer, $"target{round}"));
            }
        }

        ServerBound? bound = bounds.Count == 0 ? null : new(Median(bounds.Select(b => b.Reads)), Median(bounds.Select(b => b.Writes)));
        report.Line(bound is null
            ? "No wrk on PATH: the server's bound was not measured."
            : FormattableString.Invariant($"The server's bound by wrk: {bound.Reads:0} reads/s, {bound.Writes:0} writes/s, and so {bound.Copies:0} copies/s, {bound.VerifiedCopies:0} with a second read, {bound.Comparisons:0} comparisons/s."));
        report.Line();
        report.Line("| tool | secrets/s | of the bound | s (min–max) | client CPU ms/secret | server CPU ms/secret | peak memory MiB | requests/secret | equal afterwards |");
        report.Line("|---|---|---|---|---|---|---|---|---|");
        foreach ((Peer peer, List<Figures> all) in figures)
        {
            double seconds = Median(all.Select(f => f.Seconds));
            double? limit = peer.Name.EndsWith("-Verify", StringComparison.Ordinal) ? bound?.VerifiedCopies : bound?.Copies;

            // Of what a shell starts, its own counters tell nothing.
            bool isShell = peer.Program == Peer.Shell;
            report.Line(FormattableString.Invariant(
                $"| {peer.Name} | {options.Secrets / seconds:0} | {Share(options.Secrets / seconds / limit)} | {seconds:0.00} ({all.Min(f => f.Seconds):0.00}–{all.Max(f => f.Seconds):0.00}) | {Share(isShell ? null : 1000 * Median(all.Select(f => f.Cpu)) / options.Secrets)} | {Share(all[0].Server is null ? null : 1000 * Median(all.Select(f => f.Server ?? 0)) / options.Secrets)} | {(isShell ? "–" : FormattableString.Invariant($"{Median(all.Select(f => f.Memory)) / (1 << 20):0}"))} | {(all[0].Requests is { } requests ? FormattableString.Invariant($"{(double)requests / options.Secrets:0.00}") : "–")} | {(all.TrueForAll(f => f.Equal) ? "yes" : "NO")} |"));
            good &= all.TrueForAll(f => f.Equal) || others.Contains(peer);
        }

        good &= options.Warm == 0 || await WarmAsync(bound);
        await server.UnmountAsync("source");
        return good;
    }

    private async Task<Figures> MeasureAsync(Peer peer, string target)
    {
        await server.MountAsync(target);
        server.DevVault?.Requests.Reset();
        TimeSpan? before = server.Cpu;
        Measured run = await Measured.RunAsync(server, peer.Program, peer.Arguments("source", target));
        TimeSpan? served = server.Cpu - before;
        long? requests = server.DevVault?.Requests.Total;
        ComparisonSummary comparison = await OurCopy.CompareAsync(_address, server.Token, "source", target);
        bool equal = run.ExitCode == 0 && comparison.IsClean && comparison.Equal == options.Secrets;
        await server.UnmountAsync(target);
        return new(run.Wall.TotalSeconds, run.Cpu.TotalSeconds, run.PeakMemory, served?.TotalSeconds, requests, equal);
    }

    // What a process costs once it is warm, ours and the floor, and what a second run and a comparison do.
    private async Task<bool> WarmAsync(ServerBound? bound)
    {
        report.Line();
        report.Line($"{options.Warm} copies one after the other in one process, each to a mount of its own; the first is the cold one.");
        report.Line();
        report.Line("| in one process | secrets/s | of the bound | client CPU ms/secret | server CPU ms/secret | allocated KiB/secret |");
        report.Line("|---|---|---|---|---|---|");
        return await InOneProcessAsync("warm", bound, $"{options.Throttle ?? 0}") & await InOneProcessAsync("floor", bound);
    }

    private async Task<bool> InOneProcessAsync(string what, ServerBound? bound, params string[] more)
    {
        string[] mounts = Enumerable.Range(0, options.Warm).Select(round => $"{what}{round}").ToArray();
        foreach (string mount in mounts)
        {
            await server.MountAsync(mount);
        }

        TimeSpan? before = server.Cpu;
        Measured run = await Measured.RunAsync(server, Environment.ProcessPath!, [what, "source", what, $"{options.Warm}", .. more]);
        WarmRun[] all = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<WarmRun>(line)!).ToArray();
        double? served = (server.Cpu - before)?.TotalMilliseconds / options.Secrets / Math.Max(1, all.Length);
        foreach (WarmRun one in all)
        {
            double rate = one.Secrets / one.Seconds;
            double? limit = one.What == "compare" ? bound?.Comparisons : one.What.Contains("copy", StringComparison.Ordinal) ? bound?.Copies : null;
            report.Line(FormattableString.Invariant(
                $"| {one.What} | {rate:0} | {Share(rate / limit)} | {1000 * one.Cpu / one.Secrets:0.00} | {Share(served)} | {(double)one.Allocated / one.Secrets / 1024:0.0} |"));
        }

        foreach (string mount in mounts)
        {
            await server.UnmountAsync(mount);
        }

        return run.ExitCode == 0 && Array.TrueForAll(all, one => one.Secrets == options.Secrets);
    }

    private static string Share(double? share) => share is null ? "–" : FormattableString.Invariant($"{share:0.00}");

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;

    private sealed record Figures(double Seconds, double Cpu, double Memory, double? Server, long? Requests, bool Equal);
}
