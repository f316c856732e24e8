using System.Diagnostics;
using SecretBridge.Reporting;
using SecretBridge.Tests.Clocks;

namespace SecretBridge.Tests.Reporting;

/// <summary>A process of its own that writes to a log, as soon as it is told to.</summary>
internal static class RunLogChild
{
    internal const int Lines = 2000;

    /// <summary>Runs in the child.</summary>
    internal static int Run(string path, string name)
    {
        var reporter = new RecordingReporter();

        // By its clock no time passes, so that it waits for the other as long as it takes.
        using RunLog log = RunLog.Open(path, reporter, new ManualTime());
        Console.Out.WriteLine("ready");
        Console.In.ReadLine();
        for (int i = 0; i < Lines; i++)
        {
            log.Warning($"{name} {i} {new string('x', i % 97)}");
        }

        // One more warning is that of a log that could not be written.
        return reporter.Warnings.Count - Lines;
    }

    /// <summary>Starts a child. It is ready once it says so, and goes on at the next line.</summary>
    internal static Process Start(string path, string name) => Process.Start(new ProcessStartInfo(
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
        [typeof(RunLogChild).Assembly.Location, "log", path, name])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;
}
