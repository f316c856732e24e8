using System.Globalization;
using System.Text.RegularExpressions;

namespace SecretBridge.Bench;

/// <summary>
/// What the server itself can do: reads and writes of the same paths and bodies, as many a second as wrk gets at its best
/// concurrency. A copy is one of each, so that its bound is 1/(1/read + 1/write) secrets a second.
/// </summary>
internal sealed record ServerBound(double Reads, double Writes)
{
    private static readonly int[] Concurrencies = [2, 4, 8, 16, 32];

    public double Copies => 1 / ((1 / Reads) + (1 / Writes));

    /// <summary>A copy that reads back what it wrote reads twice.</summary>
    public double VerifiedCopies => 1 / ((2 / Reads) + (1 / Writes));

    /// <summary>A comparison reads each secret on both sides.</summary>
    public double Comparisons => Reads / 2;

    /// <summary>Null where there is no wrk on PATH.</summary>
    public static async Task<ServerBound?> TryMeasureAsync(BenchServer server, BenchOptions options)
    {
        if (BenchServer.Find("wrk") is not { } wrk)
        {
            return null;
        }

        string script = Path.Combine(AppContext.BaseDirectory, "peers", "bound.lua");
        double writes = 0, reads = 0;
        foreach (int concurrency in Concurrencies)
        {
            await server.MountAsync("bound");
            writes = Math.Max(writes, await RunAsync(server, wrk, script, "write", concurrency, options));
            reads = Math.Max(reads, await RunAsync(server, wrk, script, "read", concurrency, options));
            await server.UnmountAsync("bound");
        }

        return new(reads, writes);
    }

    private static async Task<double> RunAsync(BenchServer server, string wrk, string script, string what, int concurrency, BenchOptions options)
    {
        string seconds = what == "write" ? "3s" : "2s";
        Measured run = await Measured.RunAsync(server, wrk, "-t1", FormattableString.Invariant($"-c{concurrency}"), "-d" + seconds, "-s", script,
            server.Address.ToString().TrimEnd('/'), what, options.Folders.ToString(CultureInfo.InvariantCulture));
        Match rate = Regex.Match(run.Output, @"Requests/sec:\s+([\d.]+)");
        Match refused = Regex.Match(run.Output, @"Non-2xx or 3xx responses: (\d+)");

        // A few reads at the very end may ask for what was under way when the writes stopped.
        return rate.Success && (!refused.Success || int.Parse(refused.Groups[1].Value, CultureInfo.InvariantCulture) < 100)
            ? double.Parse(rate.Groups[1].Value, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"wrk gave no figure for {what}: {run.Output}");
    }
}
