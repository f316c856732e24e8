using System.Diagnostics;
using System.Text.Json;

namespace SecretBridge.Bench;

/// <summary>
/// Copies again and again in one process, to a mount of its own each time: what a process does once it is warm, and what it
/// costs apart from the server.
/// </summary>
internal static class WarmRuns
{
    /// <summary>Ours; then the last copy once more, and a comparison.</summary>
    public static async Task<int> OursAsync(string address, string token, string source, string target, int rounds, int? throttle)
    {
        for (int round = 0; round < rounds; round++)
        {
            await TellAsync($"copy {round + 1}", async () => (await OurCopy.CopyAsync(address, token, source, $"{target}{round}", throttle)).Created);
        }

        string last = $"{target}{rounds - 1}";
        await TellAsync("the last again, all unchanged", async () => (await OurCopy.CopyAsync(address, token, source, last, throttle)).Unchanged);
        await TellAsync("compare", async () => (await OurCopy.CompareAsync(address, token, source, last, throttle)).Equal);
        return 0;
    }

    /// <summary>The floor. One round goes to the target itself.</summary>
    public static async Task<int> FloorAsync(string address, string token, string source, string target, int rounds)
    {
        using var floor = new HttpFloor(address, token);
        for (int round = 0; round < rounds; round++)
        {
            await TellAsync($"HttpClient floor, copy {round + 1}", () => floor.CopyAsync(source, rounds == 1 ? target : $"{target}{round}"));
        }

        return 0;
    }

    private static async Task TellAsync(string what, Func<Task<long>> run)
    {
        (long start, TimeSpan cpu, long allocated) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
        long secrets = await run();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine(JsonSerializer.Serialize(new WarmRun(
            what, secrets, seconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, GC.GetTotalAllocatedBytes() - allocated)));
    }
}
