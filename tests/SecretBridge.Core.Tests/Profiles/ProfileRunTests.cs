using System.Collections.Concurrent;
using System.Diagnostics;
using SecretBridge.Profiles;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Tests.Trees;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Profiles;

/// <summary>Runs /bin/sh with profiles; on Windows Pester shows the same with cmd and pwsh.</summary>
public class ProfileRunTests
{
    private readonly ProbedStore _store = new("kv");
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _error = new();
    private readonly List<AuditEvent> _audit = [];

    [UnixFact]
    public async Task A_command_gets_settings_and_secrets_and_nothing_else_and_its_exit_code_is_told()
    {
        await _store.PutAsync("p/job", """{"env":{"N":1.50},"secrets":{"KEY":"canary-0042","JSON":{"a":1}}}""");
        ProfileRunResult row = await RunAsync("test \"$KEY$JSON\" = 'canary-0042{\"a\":1}' && echo $N $JSON ${HOME-none} $MORE; echo problem >&2; exit 7", options => options with
        {
            Environment = new Dictionary<string, string> { ["MORE"] = "more", ["N"] = "overruled" },
        });
        Assert.Equal((7, "vault://memory@kv/p/job", null), (row.ExitCode, row.Uri, row.Reason));
        Assert.Equal(["1.50 (sealed) none more"], _output);
        Assert.Equal(["problem"], _error);
        Assert.Equal(["N", "KEY", "JSON"], row.Variable);
        Assert.Equal(("profile.used", "vault://memory@kv/p/job", "nightly"), Assert.Single(_audit) is var said ? (said.Action, said.Reference, said.Workflow) : default);
        Assert.Null(Environment.GetEnvironmentVariable("KEY"));
    }

    [UnixFact]
    public async Task Output_shows_secrets_only_where_that_was_asked_for()
    {
        await _store.PutAsync("p/job", """{"env":{"E":"visible-setting"},"secrets":{"KEY":"canary-0042","LONG":"canary-first\ncanary-second"}}""");
        await RunAsync("echo $KEY$KEY $E; echo \"$LONG\"; echo $KEY >&2");
        Assert.Equal(["(sealed)(sealed) visible-setting", "(sealed)", "(sealed)"], _output);
        Assert.Equal(["(sealed)"], _error);
        _output.Clear();
        await RunAsync("echo $KEY", options => options with { AllowSecretOutput = true });
        Assert.Equal(["canary-0042"], _output);
    }

    [UnixFact]
    public async Task What_a_shell_trims_and_what_stands_in_JSON_is_hidden_too()
    {
        await _store.PutAsync("p/job", """{"secrets":{"KEY":"  canary-0042 ","CR":"canary-one\rcanary-two","DB":{"user":"me","pass":["canary-a\nb",1234567]}}}""");
        await RunAsync("echo $KEY; printf '%s\n' \"$CR\"; echo canary-a 1234567 me");
        Assert.Equal(["(sealed)", "(sealed)", "(sealed)", "(sealed) (sealed) me"], _output);
    }

    [UnixFact]
    public async Task Standard_input_is_given_or_at_its_end()
    {
        await _store.PutAsync("p/job", """{"secrets":{}}""");
        await RunAsync("cat", options => options with { Input = ["one", "zwölf"] });
        await RunAsync("cat; echo end");
        Assert.Equal(["one", "zwölf", "end"], _output);
    }

    [UnixFact]
    public async Task A_command_that_reads_no_input_and_ends_at_once_is_no_failure()
    {
        await _store.PutAsync("p/job", """{"secrets":{}}""");
        Assert.Equal(0, (await RunAsync("exit 0", options => options with { Input = Enumerable.Repeat(new string('x', 1000), 1000).ToArray() })).ExitCode);
    }

    [UnixTheory]
    [InlineData("""{"secrets":{"A":"vault://kv/nowhere"}}""", FaultKind.SecretNotFound)]
    [InlineData("""{"secrets":{"A":"vault://kv/%zz-canary"}}""", FaultKind.InvalidReference)]
    [InlineData("""{"secrets":{"A":null}}""", FaultKind.InvalidProfile)]
    [InlineData("""{"secrets":{"A":"x\u0000canary"}}""", FaultKind.InvalidProfile)]
    [InlineData("""{"secrets":{"A=B":"canary"}}""", FaultKind.InvalidProfile)]
    [InlineData("""{"secrets":{},"allowed_workflows":["other"]}""", FaultKind.WorkflowNotAllowed)]
    [InlineData("""{"secrets":["canary"]}""", FaultKind.InvalidProfile)]
    public async Task Where_anything_is_missing_nothing_is_run(string json, FaultKind kind)
    {
        await _store.PutAsync("p/job", json);
        ProfileRunResult row = await RunAsync("echo ran");
        Assert.Equal((kind, null), (row.Fault!.Kind, row.ExitCode));
        Assert.Empty(_output);
        Assert.Empty(_audit);
        Assert.DoesNotContain("canary", row.Fault.ToString(), StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task A_value_that_is_a_reference_is_opened_and_a_text_with_one_in_it_is_not()
    {
        await _store.PutAsync("p/job", """{"env":{"A":"vault://kv/there","B":"see vault://kv/there"},"secrets":{}}""");
        await RunAsync("test \"$A\" = canary-resolved && echo yes; echo \"$A\"; echo \"$B\"");
        Assert.Equal(["yes", "(sealed)", "see vault://kv/there"], _output);
    }

    [UnixFact]
    public async Task A_plan_opens_what_it_would_need_and_runs_nothing()
    {
        await _store.PutAsync("p/job", """{"secrets":{"A":"canary-0042"}}""");
        ProfileRunResult row = await RunAsync("echo ran", options => options with { PlanOnly = true });
        Assert.Equal((true, null), (row.Planned, row.ExitCode));
        Assert.Empty(_output);
    }

    [UnixFact]
    public async Task What_cannot_be_started_is_told_without_a_variable()
    {
        await _store.PutAsync("p/job", """{"secrets":{"A":"canary-0042"}}""");
        ProfileRunResult row = await RunAsync("", options => options with { Command = "/nowhere/at-all" });
        Assert.Equal(FaultKind.InvalidArgument, row.Fault!.Kind);
        Assert.DoesNotContain("canary", row.Fault.ToString(), StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Where_nobody_takes_the_output_the_command_does_not_go_on()
    {
        await _store.PutAsync("p/job", """{"secrets":{}}""");
        Task run = RunAsync("echo one; exec sleep 600", options => options with
        {
            Output = _ => throw new InvalidOperationException("stopped"),
        });
        await Assert.ThrowsAsync<InvalidOperationException>(() => run.WaitAsync(TimeSpan.FromMinutes(5)));
    }

    [UnixFact]
    public async Task Much_output_on_both_streams_comes_whole()
    {
        await _store.PutAsync("p/job", """{"secrets":{}}""");
        await RunAsync("i=0; while [ $i -lt 20000 ]; do echo out-of-the-way-$i; echo err-of-the-way-$i >&2; i=$((i+1)); done");
        Assert.Equal((20000, 20000), (_output.Count, _error.Count));
    }

    [UnixFact]
    public async Task Cancelling_kills_the_process_and_what_it_started()
    {
        await _store.PutAsync("p/job", """{"secrets":{}}""");
        using var cancel = new CancellationTokenSource();
        var started = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task run = RunAsync("sleep 600 & echo $!; wait", options => options with
        {
            Output = line =>
            {
                started.TrySetResult(int.Parse(line, System.Globalization.CultureInfo.InvariantCulture));
                return Task.CompletedTask;
            },
        }, cancel.Token);
        int child = await started.Task;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.True(await IsGoneAsync(child));
    }

    private static async Task<bool> IsGoneAsync(int id)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (IsRunning(id))
        {
            await pause.WaitForNextTickAsync(patience.Token);
        }

        return true;
    }

    // Of a dead process whose parent died before it, the entry stays where nobody takes it away, as in some containers.
    private static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            string[] state = OperatingSystem.IsLinux() ? File.ReadAllText($"/proc/{id}/stat").Split(") ") : [];
            return !process.HasExited && (state.Length == 0 || state[^1][0] is not ('Z' or 'X'));
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or IOException)
        {
            return false;
        }
    }

    private async Task<ProfileRunResult> RunAsync(string script, Func<ProfileRunOptions, ProfileRunOptions>? change = null, CancellationToken cancellationToken = default)
    {
        var options = new ProfileRunOptions
        {
            Stores = new DefaultFolder(_store, "p"),
            Command = "/bin/sh",
            Arguments = ["-c", script],
            Workflow = "nightly",
            Output = line => Keep(_output, line),
            Error = line => Keep(_error, line),
            Audit = new ListedAudit(_audit),
            Resolve = (reference, _) => reference == "vault://kv/there"
                ? new(SealedValue.FromText("canary-resolved"))
                : throw new BridgeException(FaultKind.SecretNotFound, reference, $"There is no '{reference}'."),
        };
        var run = new ProfileRun(change?.Invoke(options) ?? options);
        return Assert.Single(await run.RunAsync(new[] { new ProfileQuery(null, "job") }.ToAsync(), cancellationToken).ListAsync());
    }

    private static Task Keep(ConcurrentQueue<string> lines, string line)
    {
        lines.Enqueue(line);
        return Task.CompletedTask;
    }

    private sealed class ListedAudit(List<AuditEvent> events) : IAuditSink
    {
        public void Check()
        {
        }

        public void Write(AuditEvent auditEvent) => events.Add(auditEvent);
    }

    private sealed class UnixFactAttribute : FactAttribute
    {
        public UnixFactAttribute() => Skip = OperatingSystem.IsWindows() ? "needs /bin/sh" : null;
    }

    private sealed class UnixTheoryAttribute : TheoryAttribute
    {
        public UnixTheoryAttribute() => Skip = OperatingSystem.IsWindows() ? "needs /bin/sh" : null;
    }
}
