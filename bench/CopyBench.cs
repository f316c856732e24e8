using System.Diagnostics;
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
        foreach (Peer peer in new[] { Peer.Ours(options.Throttle), Peer.Ours(options.Throttle, verify: true) }.Concat(others))
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
        report.Line("| tool | secrets/s | of the bound | s (min–max) | client CPU ms/secret | peak memory MiB | requests/secret | equal afterwards |");
        report.Line("|---|---|---|---|---|---|---|---|");
        foreach ((Peer peer, List<Figures> all) in figures)
        {
            double seconds = Median(all.Select(f => f.Seconds));
            double? limit = peer.Name.EndsWith("-Verify", StringComparison.Ordinal) ? bound?.VerifiedCopies : bound?.Copies;
            report.Line(FormattableString.Invariant(
                $"| {peer.Name} | {options.Secrets / seconds:0} | {(limit is null ? "–" : FormattableString.Invariant($"{options.Secrets / seconds / limit:0.00}"))} | {seconds:0.00} ({all.Min(f => f.Seconds):0.00}–{all.Max(f => f.Seconds):0.00}) | {1000 * Median(all.Select(f => f.Cpu)) / options.Secrets:0.00} | {Median(all.Select(f => f.Memory)) / (1 << 20):0} | {(all[0].Requests is { } requests ? FormattableString.Invariant($"{(double)requests / options.Secrets:0.00}") : "–")} | {(all.TrueForAll(f => f.Equal) ? "yes" : "NO")} |"));
            good &= all.TrueForAll(f => f.Equal) || others.Contains(peer);
        }

        return await AgainAsync(bound) && good;
    }

    private async Task<Figures> MeasureAsync(Peer peer, string target)
    {
        await server.MountAsync(target);
        server.DevVault?.Requests.Reset();
        Measured run = await Measured.RunAsync(server, peer.Program, peer.Arguments("source", target));
        long? requests = server.DevVault?.Requests.Total;
        ComparisonSummary comparison = await OurCopy.CompareAsync(_address, server.Token, "source", target);
        bool equal = run.ExitCode == 0 && comparison.IsClean && comparison.Equal == options.Secrets;
        await server.UnmountAsync(target);
        return new(run.Wall.TotalSeconds, run.Cpu.TotalSeconds, run.PeakMemory, requests, equal);
    }

    // What a second run costs, and a comparison, in this process, which is warm by now.
    private async Task<bool> AgainAsync(ServerBound? bound)
    {
        await server.MountAsync("again");
        long start = Stopwatch.GetTimestamp();
        CopySummary first = await OurCopy.CopyAsync(_address, server.Token, "source", "again", options.Throttle);
        double copied = Stopwatch.GetElapsedTime(start).TotalSeconds;
        start = Stopwatch.GetTimestamp();
        CopySummary second = await OurCopy.CopyAsync(_address, server.Token, "source", "again", options.Throttle);
        double unchanged = Stopwatch.GetElapsedTime(start).TotalSeconds;
        start = Stopwatch.GetTimestamp();
        ComparisonSummary comparison = await OurCopy.CompareAsync(_address, server.Token, "source", "again", options.Throttle);
        double compared = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await server.UnmountAsync("again");
        await server.UnmountAsync("source");
        string Share(double seconds, double? limit) => limit is null ? "" : FormattableString.Invariant($", {options.Secrets / seconds / limit:0.00} of the bound");
        report.Line();
        report.Line(FormattableString.Invariant($"In a warm process: copy {options.Secrets / copied:0} secrets/s{Share(copied, bound?.Copies)}; the same again {options.Secrets / unchanged:0} secrets/s with {second.Total - second.Unchanged} writes; compare {options.Secrets / compared:0} secrets/s{Share(compared, bound?.Comparisons)}."));
        return first.Succeeded && second.Unchanged == options.Secrets && comparison.IsClean;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;

    private sealed record Figures(double Seconds, double Cpu, double Memory, long? Requests, bool Equal);
}
