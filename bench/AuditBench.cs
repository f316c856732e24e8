using System.Diagnostics;
using System.Globalization;

namespace SecretBridge.Bench;

/// <summary>Who asked for what, from one large audit log: ours against what people write with jq and grep.</summary>
internal static class AuditBench
{
    public static async Task<int> RunAsync(BenchOptions options)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("secretbridge-bench-");
        var report = new Report();
        try
        {
            string log = Path.Combine(folder.FullName, "audit.log");
            long lines = await AuditLogMaker.WriteAsync(log, (long)options.Megabytes << 20);
            double megabytes = new FileInfo(log).Length / (double)(1 << 20);
            report.Line("# Who reads it: an audit log of the file device's shape");
            report.Line();
            report.Line(Invariant($"{megabytes:0} MiB, {lines} lines, in the page cache; {Environment.ProcessorCount} cores. Each tool is a cold process timed from its start to its end; ours and grep {options.Rounds} rounds, medians, jq once. Results are compared by identity and operation; grep only counts lines."));
            report.Line();
            report.Line("| looked for | tool | s | processor s | MiB/s | MiB/s a core | peak memory MiB | result |");
            report.Line("|---|---|---|---|---|---|---|---|");
            bool good = await CompareAsync(options, report, log, megabytes, "vault://kv/apps/billing", "apps/billing")
                & await CompareAsync(options, report, log, megabytes, "vault://kv", "");
            await report.SaveAsync(options.Output);
            return good ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<bool> CompareAsync(BenchOptions options, Report report, string log, double megabytes, string uri, string below)
    {
        Measured ours = await MedianAsync(options.Rounds, Environment.ProcessPath!, "find", log, uri);
        SortedDictionary<string, long> found = Tally(ours.Output);
        Row(report, uri, "SecretBridge", ours, megabytes, $"{found.Count} counts");
        string pattern = below.Length == 0 ? "^kv/(data|metadata)/" : $"^kv/(data|metadata)/{below}(/|$)";
        string program = $"select(.type == \"response\" and (.request.path | test(\"{pattern}\"))) | [.auth.display_name, (if .error then \"denied\" elif .request.operation == \"update\" then \"write\" else .request.operation end), 1] | @tsv";
        bool good = ours.ExitCode == 0 && found.Count > 0;
        if (!options.OursOnly)
        {
            Measured jq = await MedianAsync(1, "jq", "-r", program, log);
            bool equal = Tally(jq.Output).SequenceEqual(found);
            Row(report, uri, "jq", jq, megabytes, equal ? "equal" : "DIFFERENT");
            Measured grep = await MedianAsync(options.Rounds, "grep", "-cE", $"\"path\":\"kv/(data|metadata)/{below}", log);
            bool same = long.Parse(grep.Output, CultureInfo.InvariantCulture) == found.Values.Sum() * 2;
            Row(report, uri, "grep -cE", grep, megabytes, same ? "equal (two lines a request)" : "DIFFERENT");
            good &= equal && same;
        }

        return good;
    }

    private static void Row(Report report, string uri, string tool, Measured run, double megabytes, string result) => report.Line(Invariant(
        $"| {uri} | {tool} | {run.Wall.TotalSeconds:0.00} | {run.Cpu.TotalSeconds:0.00} | {megabytes / run.Wall.TotalSeconds:0} | {megabytes / Math.Max(run.Cpu.TotalSeconds, 0.01):0} | {run.PeakMemory >> 20} | {result} |"));

    private static SortedDictionary<string, long> Tally(string output)
    {
        var tally = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (string line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] fields = line.Split('\t');
            string key = fields[0] + " " + fields[1];
            tally[key] = tally.GetValueOrDefault(key) + long.Parse(fields[2], CultureInfo.InvariantCulture);
        }

        return tally;
    }

    private static async Task<Measured> MedianAsync(int rounds, string program, params string[] arguments)
    {
        var runs = new List<Measured>();
        for (int round = 0; round < rounds; round++)
        {
            var start = new ProcessStartInfo(program, arguments);
            start.Environment["LC_ALL"] = "C";
            runs.Add(await Measured.RunAsync(start));
        }

        return runs.OrderBy(run => run.Wall).ElementAt(runs.Count / 2);
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
