using System.Diagnostics;
using System.Text.Json;
using SecretBridge.Trees;

namespace SecretBridge.Bench;

/// <summary>
/// Copies again and again in one process, to a mount of its own each time, then the last once more, and compares: what a
/// process does once it is warm, and what it costs apart from the server.
/// </summary>
internal static class WarmRuns
{
    public static async Task<int> RunAsync(string address, string token, string source, string target, int rounds, int? throttle)
    {
        for (int round = 0; round < rounds; round++)
        {
            await TellAsync("copy", async () => (await OurCopy.CopyAsync(address, token, source, $"{target}{round}", throttle)).Created);
        }

        string last = $"{target}{rounds - 1}";
        await TellAsync("again", async () => (await OurCopy.CopyAsync(address, token, source, last, throttle)).Unchanged);
        await TellAsync("compare", async () => (await OurCopy.CompareAsync(address, token, source, last, throttle)).Equal);
        return 0;
    }

    private static async Task TellAsync(string what, Func<Task<long>> run)
    {
        (long start, TimeSpan cpu, long allocated) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
        long secrets = await run();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine(JsonSerializer.Serialize(new WarmRun(
            what, secrets, seconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, GC.GetTotalAllocatedBytes() - allocated)));
        Console.Error.WriteLine($"jit {System.Runtime.JitInfo.GetCompiledMethodCount()} {System.Runtime.JitInfo.GetCompilationTime().TotalSeconds:0.00} s {System.Runtime.JitInfo.GetCompiledILBytes()}");
    }
}
