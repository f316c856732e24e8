using System.Diagnostics;
using System.Globalization;

namespace SecretBridge.Bench;

/// <summary>One tool's run as a process of its own: nobody is measured warm, and all by the same clock and counters.</summary>
/// <param name="ExitCode">How it ended.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Wall">From its start to its end.</param>
/// <param name="Cpu">Processor time of the process, as it was last seen.</param>
/// <param name="PeakMemory">Its largest resident set, in bytes.</param>
internal sealed record Measured(int ExitCode, string Output, TimeSpan Wall, TimeSpan Cpu, long PeakMemory)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public static Task<Measured> RunAsync(BenchServer server, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments);
        string address = server.Address.ToString().TrimEnd('/');
        (start.Environment["BENCH_ADDR"], start.Environment["BENCH_TOKEN"]) = (address, server.Token);

        // Peers know no names but these; the server is always one that this bench has started.
        (start.Environment["VAULT_ADDR"], start.Environment["VAULT_TOKEN"]) = (address, server.Token);
        return RunAsync(start);
    }

    public static async Task<Measured> RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        long began = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        (TimeSpan cpu, long peak) = (TimeSpan.Zero, 0);
        while (!process.HasExited)
        {
            (cpu, peak) = Seen(process.Id, cpu, peak);
            await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(Look, TimeProvider.System));
        }

        return new(process.ExitCode, await output, Stopwatch.GetElapsedTime(began), cpu, peak);
    }

    // A process that has ended tells nothing any more, so that the last look counts. Off Linux nothing is told.
    private static (TimeSpan Cpu, long Peak) Seen(int id, TimeSpan cpu, long peak)
    {
        try
        {
            string[] fields = File.ReadAllText($"/proc/{id}/stat").Split(") ")[^1].Split(' ');
            string line = File.ReadLines($"/proc/{id}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) ?? "VmHWM: 0 kB";
            long ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
            long high = long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
            return (TimeSpan.FromSeconds(ticks / 100.0), Math.Max(peak, high));
        }
        catch (IOException)
        {
            return (cpu, peak);
        }
    }
}
