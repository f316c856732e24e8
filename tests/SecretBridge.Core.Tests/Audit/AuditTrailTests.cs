using System.Text.Json;
using SecretBridge.Audit;
using SecretBridge.Reporting;
using SecretBridge.Tests.Clocks;
using SecretBridge.Tests.Reporting;
using Xunit;

namespace SecretBridge.Tests.Audit;

public sealed class AuditTrailTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("secretbridge-audit-");

    private string File1 => Path.Combine(_folder.FullName, "audit.jsonl");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void An_event_is_one_line_of_JSON_with_everything_that_is_known()
    {
        Trail().Write(new("secret.decrypted", "vault://prod@kv/a")
        {
            Workflow = "nightly",
            Backend = "prod",
            Details = new Dictionary<string, string> { ["vault_request_id"] = "r-1", ["note"] = "two\nlines" },
        });
        string line = Assert.Single(File.ReadAllLines(File1));
        JsonElement read = JsonDocument.Parse(line).RootElement;
        Assert.Equal("2026-01-01T00:00:00.0000000Z", read.GetProperty("time").GetString());
        Assert.Equal("secret.decrypted", read.GetProperty("action").GetString());
        Assert.Equal("vault://prod@kv/a", read.GetProperty("reference").GetString());
        Assert.Equal("ann", read.GetProperty("actor").GetString());
        Assert.Equal("nightly", read.GetProperty("workflow").GetString());
        Assert.Equal("prod", read.GetProperty("backend").GetString());
        Assert.Equal("r-1", read.GetProperty("details").GetProperty("vault_request_id").GetString());
        Assert.EndsWith("\n", File.ReadAllText(File1), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_acts_on_the_server_comes_before_the_user_of_the_machine()
    {
        Trail().Write(new("secret.written", "vault://kv/a") { Actor = "token-ci" });
        Assert.Contains("\"actor\":\"token-ci\"", File.ReadAllText(File1), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Only_the_owner_may_read_the_file_and_what_lies_beside_it()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has other rights.");
        Trail(maxSize: 1).Write(new("a", "vault://kv/a"));
        Trail(maxSize: 1).Write(new("b", "vault://kv/a"));
        Assert.Equal(["audit.jsonl", "audit.jsonl.1", "audit.jsonl.lock"], Names());
        Assert.All(_folder.GetFiles(), file => Assert.Equal(OwnerOnly, file.UnixFileMode));
    }

    [SkippableFact]
    public void A_file_that_others_may_read_is_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            throw new SkipException("Windows has other rights.");
        }

        File.WriteAllText(File1, "");
        new FileInfo(File1).UnixFileMode = OwnerOnly | UnixFileMode.GroupRead;
        var refusal = Assert.Throws<BridgeException>(() => Trail().Write(new("a", "vault://kv/a")));
        Assert.Equal(FaultKind.AuditFailed, refusal.Kind);
        Assert.Contains("chmod 600", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(File.ReadAllText(File1));
    }

    [Fact]
    public void A_folder_that_is_not_there_fails_the_operation()
    {
        var trail = new AuditTrail(new() { Path = Path.Combine(_folder.FullName, "none", "audit.jsonl"), Actor = "ann" });
        Assert.Equal(FaultKind.AuditFailed, Assert.Throws<BridgeException>(() => trail.Write(new("a", "vault://kv/a"))).Kind);
        Assert.Equal(FaultKind.AuditFailed, Assert.Throws<BridgeException>(trail.Check).Kind);
    }

    [Fact]
    public void A_full_file_moves_on_and_the_oldest_goes()
    {
        AuditTrail trail = Trail(maxSize: 300, keep: 2);
        for (int i = 0; i < 12; i++)
        {
            trail.Write(new("a", $"vault://kv/{i}"));
        }

        Assert.Equal(["audit.jsonl", "audit.jsonl.1", "audit.jsonl.2", "audit.jsonl.lock"], Names());
        Assert.All(_folder.GetFiles("audit.jsonl*"), file => Assert.InRange(file.Length, 0, 300));
        string[] last = ["/10\"", "/11\""];
        Assert.All(last, end => Assert.Contains(File.ReadAllLines(File1), line => line.Contains(end, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_line_that_broke_off_does_not_swallow_the_next()
    {
        Trail().Write(new("a", "vault://kv/a"));
        File.AppendAllText(File1, "{\"time\":\"2026");
        Trail().Write(new("b", "vault://kv/b"));
        string[] lines = File.ReadAllLines(File1);
        Assert.Equal(3, lines.Length);
        Assert.Contains("\"action\":\"b\"", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Many_threads_and_two_trails_tear_no_line_and_lose_none()
    {
        // Two trails hold two locks of their own, as two processes do.
        AuditTrail[] trails = [Live(), Live()];
        Parallel.For(0, 400, i => trails[i % 2].Write(new("secret.decrypted", $"vault://kv/{i}") { Details = new Dictionary<string, string> { ["pad"] = new('x', i % 97) } }));
        string[] references = AuditFiles.OldestFirst(File1).SelectMany(File.ReadAllLines)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("reference").GetString()!).ToArray();
        Assert.Equal(400, references.Length);
        Assert.Equal(400, references.Distinct().Count());
    }

    [SkippableFact]
    public async Task A_link_and_the_file_it_leads_to_are_one_trail()
    {
        Skip.If(OperatingSystem.IsWindows(), "Links need a right there.");
        string link = Path.Combine(_folder.CreateSubdirectory("links").FullName, "link.jsonl");
        File.CreateSymbolicLink(link, File1);
        AuditTrail[] trails = [Live(), Live(link)];
        Parallel.For(0, 400, i => trails[i % 2].Write(new("secret.decrypted", $"vault://kv/{i}")));
        Assert.NotNull(new FileInfo(link).LinkTarget);
        Assert.Equal(link, Assert.Single(Directory.GetFiles(Path.GetDirectoryName(link)!)));
        int count = 0;
        await foreach (BridgeAuditEvent found in new AuditRead(new() { Paths = [link] }, new RecordingReporter()).RunAsync(default))
        {
            count += found.Fault is null ? 1 : 0;
        }

        Assert.Equal(400, count);
    }

    [Fact]
    public void Who_holds_the_lock_too_long_is_not_waited_for()
    {
        using var held = new FileStream(File1 + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var trail = new AuditTrail(new() { Path = File1, Actor = "ann", Patience = TimeSpan.FromMilliseconds(20) });
        Assert.Equal(FaultKind.AuditFailed, Assert.Throws<BridgeException>(() => trail.Write(new("a", "vault://kv/a"))).Kind);
    }

    private string[] Names() => _folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal).ToArray();

    private AuditTrail Trail(long maxSize = 1 << 20, int keep = 9) => new(new() { Path = File1, Actor = "ann", MaxSize = maxSize, Keep = keep, Time = new ManualTime() });

    private AuditTrail Live(string? path = null) => new(new() { Path = path ?? File1, Actor = "ann", MaxSize = 4096, Keep = 99, Patience = TimeSpan.FromHours(1) });
}
