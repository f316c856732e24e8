using System.IO.Compression;
using System.Text;
using SecretBridge.Audit;
using SecretBridge.Reporting;
using SecretBridge.Tests.Reporting;
using Xunit;

namespace SecretBridge.Tests.Audit;

public sealed class AuditReadTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("secretbridge-audit-");
    private readonly RecordingReporter _reporter = new();

    private string Trail => Path.Combine(_folder.FullName, "audit.jsonl");

    private string Log => Path.Combine(_folder.FullName, "vault.log");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Events_come_in_the_order_of_the_files_packed_or_not()
    {
        Pack(Trail + ".10.gz", Event("1"));
        File.WriteAllLines(Trail + ".2", [Event("2")]);
        File.WriteAllLines(Trail + ".1", [Event("3"), Event("4")]);
        File.WriteAllText(Trail, Event("5") + "\n\n" + Event("6"));
        File.WriteAllText(Trail + ".lock", "");
        File.WriteAllText(Trail + ".bak", "no event");
        Assert.Equal(["1", "2", "3", "4", "5", "6"], (await ReadAsync()).Select(found => found.Details["n"]));
    }

    [Fact]
    public async Task A_line_that_is_no_event_is_told_and_the_others_come()
    {
        File.WriteAllLines(Trail, [Event("1"), "{\"time\":\"2026-01-01T00:00:00Z\",\"acti", "[]", "{\"a\":1}", Event("2")]);
        BridgeAuditEvent[] all = await ReadAsync();
        Assert.Equal([null, "InvalidPayload", "InvalidPayload", "InvalidPayload", null], all.Select(found => found.Fault?.Kind.ToString()));
        Assert.EndsWith("line 2: it is no audit event, or it broke off.", all[1].Fault!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vault://kv/apps", "1 2")]
    [InlineData("vault://prod@kv/apps/", "1")]
    [InlineData("vault://kv/app", "")]
    [InlineData("vault://kv/apps/db", "1")]
    [InlineData("*apps*", "1 2")]
    [InlineData("builtin://web", "3")]
    [InlineData("web", "2 3")]
    public async Task A_reference_keeps_what_is_at_it_or_below(string uri, string kept)
    {
        File.WriteAllLines(Trail, [Event("1", "vault://prod@kv/apps/db?version=2#k"), Event("2", "vault://other@kv/apps/web"), Event("3", "builtin://web")]);
        Assert.Equal(kept, string.Join(" ", (await ReadAsync(query => query with { Uris = [uri] })).Select(found => found.Details["n"])));
    }

    [Fact]
    public async Task Action_workflow_actor_and_time_narrow()
    {
        File.WriteAllLines(Trail,
        [
            Event("1", action: "secret.decrypted", minute: 1),
            Event("2", action: "secret.written", minute: 2),
            Event("3", action: "copy.finished", minute: 3),
        ]);
        Assert.Equal(["1", "2"], await NumbersAsync(query => query with { Actions = ["SECRET.*"] }));
        Assert.Equal(["2", "3"], await NumbersAsync(query => query with { Since = At(2) }));
        Assert.Equal(["1"], await NumbersAsync(query => query with { Until = At(2) }));
        Assert.Equal(["1", "2", "3"], await NumbersAsync(query => query with { Actors = ["a*"], Workflows = ["nightly"] }));
        Assert.Empty(await NumbersAsync(query => query with { Actors = ["bob"] }));
    }

    [Fact]
    public async Task A_trail_that_is_not_there_is_told()
    {
        BridgeAuditEvent row = Assert.Single(await ReadAsync());
        Assert.Equal((FaultKind.InvalidArgument, Trail), (row.Fault!.Kind, row.Fault.Target));
    }

    [Fact]
    public async Task An_event_is_found_in_the_server_log_by_the_id_of_its_request()
    {
        File.WriteAllLines(Trail, [Event("1", request: "r-1"), Event("2", request: "r-2"), Event("3", correlation: "c-3")]);
        Pack(Log + ".1.gz", VaultLine("request", "r-1"), VaultLine("response", "r-1", error: "permission denied"), VaultLine("response", "r-9"));
        File.WriteAllLines(Log, ["prefix: " + VaultLine("response", "r-8", correlation: "c-3"), "no JSON"]);
        BridgeAuditEvent[] all = await ReadAsync(query => query with { VaultLogs = [Log + ".1.gz", Log] });
        BridgeAuditEvent broken = all[0];
        Assert.EndsWith("line 2: it is no entry of a Vault audit log.", broken.Fault!.Message, StringComparison.Ordinal);
        (VaultAuditEntry? first, VaultAuditEntry? second, VaultAuditEntry? third) = (all[1].VaultEntry, all[2].VaultEntry, all[3].VaultEntry);
        Assert.Equal(("response", "read", "kv/data/a", "token-ci", "10.0.0.7", "permission denied"),
            (first!.Type, first.Operation, first.Path, first.DisplayName, first.RemoteAddress, first.Error));
        Assert.Null(second);
        Assert.Equal(("r-8", "CorrelationId"), (third!.RequestId, all[3].MatchedBy));
        Assert.DoesNotContain("canary", string.Join(" ", all.Select(found => found.VaultEntry + found.VaultEntry?.Error)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_correlation_id_that_the_server_hashes_is_warned_of()
    {
        File.WriteAllLines(Trail, [Event("1", correlation: "c-1")]);
        File.WriteAllLines(Log, [VaultLine("response", "r-1", correlation: "hmac-sha256:0011")]);
        Assert.Null(Assert.Single(await ReadAsync(query => query with { VaultLogs = [Log] })).VaultEntry);
        Assert.Contains("hmac=false", Assert.Single(_reporter.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_log_with_very_many_bad_lines_the_number_of_those_not_told_one_by_one_is_told()
    {
        File.WriteAllLines(Trail, [Event("1", request: "r-1")]);
        File.WriteAllLines(Log, Enumerable.Repeat("no entry", 250));
        BridgeAuditEvent[] rows = await ReadAsync(query => query with { VaultLogs = [Log] });
        Assert.Equal(101, rows.Count(row => row.Fault is not null));
        Assert.Contains(rows, row => row.Fault?.Message.Contains("150 more", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task More_events_than_may_be_held_are_refused()
    {
        File.WriteAllLines(Trail, Enumerable.Range(0, 4).Select(i => Event("1", request: "r-" + i)));
        var refusal = await Assert.ThrowsAsync<BridgeException>(() => ReadAsync(query => query with { VaultLogs = [Log], MostLookedUp = 3 }));
        Assert.Contains("-Since", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rotation_while_the_trail_is_read_takes_no_event_away()
    {
        File.WriteAllLines(Trail + ".1", [Event("1"), Event("2")]);
        File.WriteAllLines(Trail, [Event("3")]);
        var numbers = new List<string>();
        await foreach (BridgeAuditEvent row in new AuditRead(new() { Paths = [Trail] }, _reporter).RunAsync(default))
        {
            if (numbers.Count == 0)
            {
                AuditFiles.Rotate(Trail, keep: 1);
                File.WriteAllLines(Trail, [Event("4")]);
            }

            numbers.Add(row.Details["n"]);
        }

        Assert.Equal(["1", "2", "3"], numbers);
    }

    [Fact]
    public async Task A_broken_archive_is_told_and_the_next_file_is_read()
    {
        File.WriteAllText(Trail + ".1.gz", "this is no archive");
        File.WriteAllLines(Trail, [Event("1")]);
        BridgeAuditEvent[] all = await ReadAsync();
        Assert.Equal([Trail + ".1.gz", null], all.Select(found => found.Fault?.Target));
    }

    [Theory]
    [InlineData("a\nbb\n\nccc", 100, "1:a 2:bb 3: 4:ccc")]
    [InlineData("a\n", 100, "1:a")]
    [InlineData("", 100, "")]
    public void Lines_are_numbered_from_one(string text, int longest, string expected)
    {
        var lines = new List<string>();
        foreach (TextLine line in LineReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "f", longest, default))
        {
            lines.Add($"{line.Number}:{Encoding.UTF8.GetString(line.Text.Span)}");
        }

        Assert.Equal(expected, string.Join(" ", lines));
    }

    [Fact]
    public void A_line_longer_than_may_be_is_passed_over_and_the_next_is_whole()
    {
        byte[] text = Encoding.UTF8.GetBytes("a\n" + new string('x', 400_000) + "\n" + new string('y', 90_000) + "\nb");
        var lines = new List<(long, bool, int)>();
        foreach (TextLine line in LineReader.Read(new MemoryStream(text), "f", 200_000, default))
        {
            lines.Add((line.Number, line.IsTooLong, line.Text.Length));
        }

        Assert.Equal([(1, false, 1), (2, true, 0), (3, false, 90_000), (4, false, 1)], lines);
    }

    private static DateTimeOffset At(int minute) => new(2026, 1, 1, 0, minute, 0, TimeSpan.Zero);

    private static string Event(
        string n, string uri = "vault://kv/a", string action = "secret.decrypted", int minute = 0, string? request = null, string? correlation = null)
    {
        var details = new Dictionary<string, string> { ["n"] = n };
        if (request is not null)
        {
            details["vault_request_id"] = request;
        }

        if (correlation is not null)
        {
            details["correlation_id"] = correlation;
        }

        return Encoding.UTF8.GetString(AuditLine.Format(new(action, uri) { Workflow = "nightly", Details = details }, "ann", At(minute))).TrimEnd();
    }

    private static string VaultLine(string type, string id, string? error = null, string? correlation = null) =>
        $$$"""{"time":"2026-01-01T00:00:00.5Z","type":"{{{type}}}","auth":{"display_name":"token-ci","client_token":"hmac-sha256:aa"},"request":{"id":"{{{id}}}","operation":"read","path":"kv/data/a","remote_address":"10.0.0.7","namespace":{"id":"root"},"data":{"k":"canary-raw"}{{{(correlation is null ? "" : $",\"headers\":{{\"x-correlation-id\":[\"{correlation}\"]}}")}}}},"response":{"data":{"k":"canary-raw"}}{{{(error is null ? "" : $",\"error\":\"{error}\"")}}}}""";

    private static void Pack(string path, params string[] lines)
    {
        using var packed = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        packed.Write(Encoding.UTF8.GetBytes(string.Join("\n", lines) + "\n"));
    }

    private async Task<string[]> NumbersAsync(Func<AuditQuery, AuditQuery> change) => (await ReadAsync(change)).Select(found => found.Details["n"]).ToArray();

    private async Task<BridgeAuditEvent[]> ReadAsync(Func<AuditQuery, AuditQuery>? change = null)
    {
        var query = new AuditQuery { Paths = [Trail] };
        var rows = new List<BridgeAuditEvent>();
        await foreach (BridgeAuditEvent row in new AuditRead(change?.Invoke(query) ?? query, _reporter).RunAsync(default))
        {
            rows.Add(row);
        }

        return [.. rows];
    }
}
