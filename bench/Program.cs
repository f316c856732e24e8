using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using SecretBridge.Bench;
using SecretBridge.Trees;

// Each measured copy is a process of its own, ours as well as a peer's: nobody is measured warm.
if (args is ["copy", var source, var target, var throttle])
{
    (CopySummary summary, double cpu) = await OurCopy.CopyAsync(Env("BENCH_ADDR"), Env("BENCH_TOKEN"), source, target, int.Parse(throttle, CultureInfo.InvariantCulture));
    Console.WriteLine(JsonSerializer.Serialize(new { secrets = summary.Created + summary.Updated, seconds = summary.Duration.TotalSeconds, cpu }));
    return summary.Succeeded ? 0 : 1;
}

if (args is ["sealed", .. var sealedArguments])
{
    return await SealedBench.RunAsync(BenchOptions.Parse(sealedArguments));
}

BenchOptions options = BenchOptions.Parse(args);
var report = new StringBuilder();
Line($"# Copy of {options.Secrets} secrets in {options.Folders} folders, KV v2 to KV v2, over loopback");
Line("");
Line($"{Environment.ProcessorCount} cores shared with the server, {options.Rounds} rounds in turn, throttle {options.Throttle}. Every copy is compared with its source afterwards.");
bool right = true;
foreach (Func<Task<BenchServer?>> start in new Func<Task<BenchServer?>>[] { BenchServer.TryStartRealAsync, async () => await BenchServer.StartDevVaultAsync() })
{
    await using BenchServer? server = await start();
    if (server is null)
    {
        Line("");
        Line("No `vault` or `bao` on PATH: nothing measured on a real server.");
        continue;
    }

    right &= await MeasureAsync(server);
}

if (options.Output is not null)
{
    await File.WriteAllTextAsync(options.Output, report.ToString());
}

return right ? 0 : 1;

async Task<bool> MeasureAsync(BenchServer server)
{
    string address = server.Address.ToString();
    await server.MountAsync("source");
    await OurCopy.SeedAsync(address, server.Token, "source", options);
    var ours = new List<Figures>();
    var hvac = new List<Figures>();
    bool equal = true;
    bool idle = true;
    bool hasHvac = File.Exists("/usr/bin/python3") && (await RunAsync("/usr/bin/python3", ["-c", "import hvac"], server)).ExitCode == 0;
    for (int round = 0; round < options.Rounds; round++)
    {
        if (hasHvac)
        {
            hvac.Add(await RoundAsync(server, "hvac" + round, copy => ("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "peers", "hvac_copy.py"), "source", copy])));
        }

        ours.Add(await RoundAsync(server, "ours" + round, copy => (Environment.ProcessPath!, ["copy", "source", copy, options.Throttle.ToString(CultureInfo.InvariantCulture)])));
    }

    equal &= ours.TrueForAll(figures => figures.Equal) && hvac.TrueForAll(figures => figures.Equal);
    idle &= ours.TrueForAll(figures => figures.SecondRunWrites is 0 or null);
    Line("");
    Line($"## {server.Name}");
    Line("");
    Line("| tool | secrets/s (median) | seconds (min–max) | client CPU s | all equal afterwards |");
    Line("|---|---|---|---|---|");
    Row("SecretBridge", ours);
    if (hasHvac)
    {
        Row("hvac loop", hvac);
        Line("");
        Line(FormattableString.Invariant($"Ratio of medians: {Median(hvac) / Median(ours):0.0} times the speed of the hvac loop."));
    }
    else
    {
        Line("");
        Line("python3-hvac is not installed: no peer was measured.");
    }

    Line($"A second run of each of our copies wrote {(idle ? "nothing" : "SOMETHING")}.");
    return equal && idle;
}

async Task<Figures> RoundAsync(BenchServer server, string copy, Func<string, (string Program, string[] Arguments)> command)
{
    await server.MountAsync(copy);
    (string program, string[] arguments) = command(copy);
    (int exitCode, string output) = await RunAsync(program, arguments, server);
    if (exitCode != 0)
    {
        throw new InvalidOperationException($"{program} ended with {exitCode}.");
    }

    using var json = JsonDocument.Parse(output);
    string address = server.Address.ToString();
    ComparisonSummary comparison = await OurCopy.CompareAsync(address, server.Token, "source", copy);
    bool equal = comparison.IsClean && comparison.Equal == options.Secrets;
    long? second = copy.StartsWith("ours", StringComparison.Ordinal)
        ? (await OurCopy.CopyAsync(address, server.Token, "source", copy, options.Throttle)).Summary is var again && again.Unchanged == options.Secrets ? 0 : 1
        : null;
    await server.UnmountAsync(copy);
    return new(json.RootElement.GetProperty("seconds").GetDouble(), json.RootElement.GetProperty("cpu").GetDouble(), equal, second);
}

async Task<(int ExitCode, string Output)> RunAsync(string program, string[] arguments, BenchServer server)
{
    var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
    start.Environment["BENCH_ADDR"] = server.Address.ToString().TrimEnd('/');
    start.Environment["BENCH_TOKEN"] = server.Token;
    start.Environment.Remove("VAULT_ADDR");
    start.Environment.Remove("VAULT_TOKEN");
    using Process process = Process.Start(start)!;
    string output = await process.StandardOutput.ReadToEndAsync();
    await process.WaitForExitAsync();
    return (process.ExitCode, output);
}

void Row(string tool, List<Figures> figures) => Line(FormattableString.Invariant(
    $"| {tool} | {options.Secrets / Median(figures):0} | {Median(figures):0.00} ({figures.Min(f => f.Seconds):0.00}–{figures.Max(f => f.Seconds):0.00}) | {figures.Average(f => f.Cpu):0.00} | {(figures.TrueForAll(f => f.Equal) ? "yes" : "NO")} |"));

void Line(string text)
{
    Console.WriteLine(text);
    report.AppendLine(text);
}

static double Median(List<Figures> figures) => figures.Select(f => f.Seconds).Order().ElementAt(figures.Count / 2);

static string Env(string name) => Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set.");

internal sealed record Figures(double Seconds, double Cpu, bool Equal, long? SecondRunWrites);
