using System.Diagnostics;
using System.Text.Json;
using SecretBridge.Reporting;
using SecretBridge.Tests.Clocks;
using SecretBridge.Tests.Trees;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Reporting;

public sealed class RunLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sb-log-").FullName;
    private readonly ManualTime _time = new();
    private readonly RecordingReporter _reporter = new();

    private string Log => Path.Combine(_folder, "run.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Progress_is_written_with_all_that_is_known_now_and_then_and_when_its_phase_changes()
    {
        using (RunLog log = RunLog.Open(Log, _reporter, _time))
        {
            log.Progress(Report("walking", 0));
            log.Progress(Report("copying", 1));
            log.Progress(Report("copying", 2));
            _time.Advance(TimeSpan.FromSeconds(6));
            log.Progress(Report("copying", 3));
            log.Progress(Report("copying", 4) with { Completed = true });
        }

        JsonElement[] lines = Lines();
        Assert.Equal([0, 1, 3, 4], lines.Select(line => line.GetProperty("done").GetInt32()));
        Assert.Equal(
            """{"time":"2026-01-01T00:00:06+00:00","kind":"progress","activity":"Copying","phase":"copying","done":3,"total":10,"counts":{"created":3},"rate":2.5,"inFlight":4,"limit":16,"secondsLeft":3,"folder":"apps/","completed":false}""",
            lines[2].GetRawText());
        Assert.Equal(5, _reporter.Reports.Count);
    }

    [Fact]
    public async Task Two_runs_that_share_a_log_lose_no_line_and_tear_none()
    {
        using (RunLog one = RunLog.Open(Log, _reporter, _time), two = RunLog.Open(Log, _reporter, _time))
        {
            await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => (i % 2 == 0 ? one : two).Warning($"{i}"))));
        }

        Assert.Equal(200, Lines().Select(line => line.GetProperty("message").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task Two_processes_that_share_a_log_lose_no_line_and_tear_none()
    {
        Process[] children = [RunLogChild.Start(Log, "one"), RunLogChild.Start(Log, "two")];
        foreach (Process child in children)
        {
            Assert.Equal("ready", await child.StandardOutput.ReadLineAsync());
        }

        foreach (Process child in children)
        {
            await child.StandardInput.WriteLineAsync();
        }

        foreach (Process child in children)
        {
            await child.WaitForExitAsync();
            Assert.Equal(0, child.ExitCode);
            child.Dispose();
        }

        Assert.Equal(2 * RunLogChild.Lines, Lines().Select(line => line.GetProperty("message").GetString()).Distinct().Count());
    }

    [Fact]
    public void A_log_that_another_holds_too_long_is_refused_before_a_run_and_given_up_during_it()
    {
        var time = new HastyTime();
        using (RunLog log = RunLog.Open(Log, _reporter, time))
        {
            using var held = new FileStream(Log + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            Assert.Equal(FaultKind.InvalidArgument, Assert.Throws<BridgeException>(() => RunLog.Open(Log, _reporter, time)).Kind);
            log.Warning("look out");
            log.Warning("look out again");
        }

        Assert.Empty(Lines());
        Assert.Equal(3, _reporter.Warnings.Count);
        Assert.Contains("cannot be written any more", _reporter.Warnings.First(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_link_and_the_file_that_it_leads_to_are_one_log()
    {
        Skip.If(OperatingSystem.IsWindows(), "Links need a right there.");
        string link = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "links")).FullName, "link.jsonl");
        File.CreateSymbolicLink(link, Log);
        using (RunLog one = RunLog.Open(Log, _reporter, _time), two = RunLog.Open(link, _reporter, _time))
        {
            one.Warning("one");
            two.Warning("two");
        }

        Assert.Equal(2, Lines().Length);
        Assert.Equal(link, Assert.Single(Directory.GetFiles(Path.GetDirectoryName(link)!)));
    }

    [Fact]
    public async Task Failures_warnings_the_summary_and_what_stops_a_run_are_written()
    {
        using (RunLog log = RunLog.Open(Log, _reporter, _time))
        {
            log.Warning("look out");
            log.Information("done");
            await Assert.ThrowsAsync<BridgeException>(async () =>
            {
                await foreach (CopyResult _ in log.Watch(RowsAsync(), CancellationToken.None))
                {
                }
            });
        }

        Assert.Equal(["warning", "summary", "failure", "stopped"], Lines().Select(line => line.GetProperty("kind").GetString()));
        Assert.Equal("SecretBridge.PermissionDenied", Lines()[2].GetProperty("error").GetString());
        Assert.Equal(("look out", "done"), (_reporter.Warnings.Single(), _reporter.Summaries.Single()));
    }

    [Fact]
    public async Task A_run_that_is_stopped_ends_with_a_line_that_says_so_with_the_counts_so_far()
    {
        var store = new ProbedStore("kv");
        for (int i = 0; i < 9; i++)
        {
            await store.PutAsync($"old/s{i}", $$"""{"k":"canary-{{i}}"}""");
        }

        // The fifth write waits until four rows were seen, and is the one that is stopped.
        using var stop = new CancellationTokenSource();
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        store.Before = async (verb, path) =>
        {
            if (verb == "write" && path.Value == "new/s4")
            {
                await seen.Task;
                await stop.CancelAsync();
                stop.Token.ThrowIfCancellationRequested();
            }
        };
        var stores = new StoreSet(store);
        using (RunLog log = RunLog.Open(Log, _reporter, _time))
        {
            var options = new CopyOptions { SourceStores = stores, DestinationStores = stores, DestinationUri = "vault://kv/new", ThrottleLimit = 1, Time = _time };
            var copy = new SubtreeCopy(options, log);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            {
                await foreach (CopyResult row in log.Watch(copy.RunAsync(new[] { new TreeItem("vault://kv/old") }.ToAsync(), stop.Token), stop.Token))
                {
                    if (row.RelativePath == "s3")
                    {
                        seen.SetResult();
                    }
                }
            });
        }

        JsonElement last = Lines()[^1];
        Assert.Equal(("stopped", "It was stopped before its end."), (last.GetProperty("kind").GetString(), last.GetProperty("message").GetString()));
        Assert.Equal((4, 4), (last.GetProperty("done").GetInt64(), last.GetProperty("counts").GetProperty("created").GetInt64()));
        Assert.DoesNotContain("canary", File.ReadAllText(Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_of_which_nobody_wants_more_was_stopped_too_and_one_that_came_to_its_end_was_not()
    {
        using (RunLog log = RunLog.Open(Log, _reporter, _time))
        {
            await foreach (CopyResult _ in log.Watch(RowsAsync(), CancellationToken.None))
            {
                break;
            }

            await foreach (CopyResult _ in log.Watch(WholeAsync(), CancellationToken.None))
            {
            }
        }

        Assert.Equal(["stopped", "failure"], Lines().Select(line => line.GetProperty("kind").GetString()));
    }

    [Fact]
    public void A_log_is_its_owners_alone_goes_on_at_its_end_and_is_refused_where_others_may_read_it()
    {
        for (int i = 0; i < 2; i++)
        {
            using RunLog log = RunLog.Open(Log, _reporter, _time);
            log.Warning("once more");
        }

        Assert.Equal(2, Lines().Length);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Log));
            File.SetUnixFileMode(Log, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
            Assert.Equal(FaultKind.InvalidArgument, Assert.Throws<BridgeException>(() => RunLog.Open(Log, _reporter, _time)).Kind);
        }
    }

    private static ProgressReport Report(string phase, long done) => new("Copying", "3 created", done, 10, 2.5, TimeSpan.FromSeconds(2.8), false)
    {
        Phase = phase,
        Counts = new Dictionary<string, long> { ["created"] = done },
        InFlight = 4,
        Limit = 16,
        Folder = "apps/",
    };

    private static async IAsyncEnumerable<CopyResult> WholeAsync()
    {
        await Task.Yield();
        yield return new() { Uri = "vault://kv/a", Root = "vault://kv", RelativePath = "a", Action = CopyAction.Created };
        yield return new() { Uri = "vault://kv/b", Root = "vault://kv", RelativePath = "b", Action = CopyAction.Failed, Fault = new(FaultKind.PermissionDenied, "vault://kv/b", "denied") };
    }

    private static async IAsyncEnumerable<CopyResult> RowsAsync()
    {
        await foreach (CopyResult row in WholeAsync())
        {
            yield return row;
        }

        throw new BridgeException(FaultKind.TokenInvalid, "prod", "The token ended.");
    }

    private JsonElement[] Lines() => File.ReadAllLines(Log).Select(line => JsonDocument.Parse(line).RootElement).ToArray();

    /// <summary>A clock by which a second passes between two looks.</summary>
    private sealed class HastyTime : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Interlocked.Increment(ref _seconds);
    }
}
