using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using SecretBridge.Audit.Consumers;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using Xunit;

namespace SecretBridge.Tests.Audit.Consumers;

public sealed class ConsumerScanTests : ConsumerTest
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_request_and_its_response_count_once_and_tell_who_asked()
    {
        Write(new LoggedRequest("kv/data/apps/web"), new LoggedRequest("kv/data/apps/web") { Time = Noon.AddHours(2), Address = "10.0.0.8" }, new LoggedRequest("kv/data/other"));
        VaultConsumer row = Assert.Single(await FindAsync());
        Assert.Equal(
            ("vault://kv/apps", "approle", "web", "968565a2-b7f7-5f8a-7f0e-cca474c8183f", 2L, 0L, ""),
            (row.Uri, row.DisplayName, row.Role, row.EntityId, row.Reads, row.Lists + row.Writes + row.Denied + row.Failed + row.MetadataReads, row.Namespace));
        Assert.Equal(["app", "default"], row.Policy);
        Assert.Equal(["10.0.0.7", "10.0.0.8"], row.RemoteAddress);
        Assert.Equal((Noon, Noon.AddHours(2)), (row.FirstTime, row.LastTime));
        Assert.False(row.IsSecretBridge);
    }

    [Theory]
    [InlineData("read", "kv/data/apps/web", "Reads")]
    [InlineData("read", "kv/subkeys/apps/web", "Reads")]
    [InlineData("read", "kv/metadata/apps/web", "MetadataReads")]
    [InlineData("list", "kv/metadata/apps/", "Lists")]
    [InlineData("scan", "kv/metadata/apps/", "Lists")]
    [InlineData("list", "kv/detailed-metadata/apps/", "Lists")]
    [InlineData("create", "kv/data/apps/web", "Writes")]
    [InlineData("update", "kv/data/apps/web", "Writes")]
    [InlineData("patch", "kv/data/apps/web", "Writes")]
    [InlineData("delete", "kv/data/apps/web", "Writes")]
    [InlineData("delete", "kv/metadata/apps/web", "Writes")]
    [InlineData("update", "kv/delete/apps/web", "Writes")]
    [InlineData("update", "kv/undelete/apps/web", "Writes")]
    [InlineData("update", "kv/destroy/apps/web", "Writes")]
    [InlineData("read", "kv/apps/web", "Reads")]
    [InlineData("list", "kv/apps/", "Lists")]
    [InlineData("update", "kv/apps/web", "Writes")]
    [InlineData("read", "kv/data/apps", "Reads")]
    [InlineData("help", "kv/data/apps/web", "")]
    [InlineData("read", "kv/data/appset/web", "")]
    [InlineData("read", "kv/data/more/apps/web", "")]
    [InlineData("read", "kv2/data/apps/web", "")]
    [InlineData("list", "kv/metadata/", "")]
    [InlineData("read", "sys/internal/ui/mounts/kv/apps", "")]
    public async Task Each_operation_on_each_path_is_counted_as_what_it_is(string operation, string path, string counted)
    {
        Write(new LoggedRequest(path) { Operation = operation });
        VaultConsumer[] rows = await FindAsync();
        Assert.Equal(counted, string.Join(" ", rows.SelectMany(row => Counts(row).Where(count => count.Number > 0).Select(count => count.Name))));
        Assert.All(rows, row => Assert.Equal(1, Counts(row).Sum(count => count.Number)));
    }

    [Theory]
    [InlineData("vault://kv", null, null, "kv/data/a kv/metadata/ kv/x")]
    [InlineData("vault://kv", "kv", 2, "kv/data/a kv/metadata/")]
    [InlineData("vault://kv", "kv", 1, "kv/data/a kv/metadata/ kv/x")]
    [InlineData("vault://team/kv/a", null, null, "team/kv/data/a team/data/kv/a team/kv/a")]
    [InlineData("vault://team/kv/a", "team/kv", null, "team/kv/data/a team/kv/a")]
    [InlineData("vault://team/kv/a", "team/kv", 2, "team/kv/data/a")]
    [InlineData("vault://team/kv/a", "team", 2, "team/data/kv/a")]
    [InlineData("vault://team/kv/a", "team/kv", 1, "team/kv/a")]
    public async Task The_mount_and_its_version_say_which_paths_are_meant(string uri, string? mount, int? version, string counted)
    {
        string[] paths = ["kv/data/a", "kv/metadata/", "kv/x", "team/kv/data/a", "team/data/kv/a", "team/kv/a", "other/data/team/kv/a"];
        foreach (string path in paths)
        {
            File.Delete(Log);
            Write(new LoggedRequest(path));
            Assert.Equal(counted.Split(' ').Contains(path) ? 1 : 0, (await FindAsync(uri, query => query with { Mount = mount, KvVersion = version })).Length);
        }
    }

    [Fact]
    public async Task A_log_that_tells_the_mount_is_believed()
    {
        Write(new LoggedRequest("team/data/kv/a") { MountPoint = "team/data/" }, new LoggedRequest("team/kv/data/a") { MountPoint = "team/kv/", Name = "right" });
        Assert.Equal("right", Assert.Single(await FindAsync("vault://team/kv/a")).DisplayName);
        Assert.Equal(2, (await FindAsync("vault://team")).Sum(row => row.Reads));
    }

    [Fact]
    public async Task Refused_and_failed_requests_are_told_apart_from_those_that_were_served()
    {
        Write(
            LoggedRequest.Denied("kv/data/apps/web"),
            new LoggedRequest("kv/data/apps/web") { RequestError = "missing client token", ResponseError = "1 error occurred:\n\t* invalid request\n\n" },
            new LoggedRequest("kv/data/apps/web") { ResponseError = "1 error occurred:\n\t* unsupported operation\n\n" },
            new LoggedRequest("kv/data/apps/web"));
        VaultConsumer row = Assert.Single(await FindAsync());
        Assert.Equal((1L, 2L, 1L), (row.Reads, row.Denied, row.Failed));
    }

    [Fact]
    public async Task A_request_without_its_response_counts_and_so_does_a_response_alone()
    {
        File.WriteAllLines(Log, [new LoggedRequest("kv/data/apps/web").Request, new LoggedRequest("kv/data/apps/web").Response]);
        Assert.Equal(2, Assert.Single(await FindAsync()).Reads);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_that_two_devices_logged_counts_once(bool isLate)
    {
        LoggedRequest[] requests =
        [
            new("kv/data/apps/web"), new("kv/data/apps/web") { Address = "10.0.0.8" }, LoggedRequest.Denied("kv/data/apps/db"), new("kv/data/apps/db") { Operation = "update" },
        ];
        Write(requests);

        // Each device hashes tokens by a salt of its own; the second was made a little later, or stopped in between.
        File.WriteAllLines(Path.Combine(Folder, "other.log"), requests.SelectMany(request => (request with { Token = "hmac-sha256:another" }).Lines).Skip(isLate ? 1 : 0));
        VaultConsumer row = Assert.Single(await FindAsync(query => query with { Logs = [Folder] }));
        Assert.Equal((2L, 1L, 1L, 0L), (row.Reads, row.Denied, row.Writes, row.Failed));
        Assert.Equal(["10.0.0.7", "10.0.0.8"], row.RemoteAddress);
        Assert.Empty(Reporter.Warnings);
    }

    [Fact]
    public async Task Where_more_were_counted_than_are_remembered_and_devices_repeat_them_it_is_said()
    {
        LoggedRequest[] requests = [.. Enumerable.Range(0, 5).Select(_ => new LoggedRequest("kv/data/apps/web"))];
        Write(requests);
        Assert.Equal(5, Assert.Single(await FindAsync(query => query with { MostKnown = 3 })).Reads);
        Assert.Empty(Reporter.Warnings);
        File.WriteAllLines(Path.Combine(Folder, "other.log"), requests.SelectMany(request => (request with { Token = "hmac-sha256:another" }).Lines));
        Assert.Equal(7, Assert.Single(await FindAsync(query => query with { Logs = [Folder], MostKnown = 3 })).Reads);
        Assert.StartsWith("Several devices logged the same requests, and more than the 3 that are remembered", Assert.Single(Reporter.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Namespaces_are_kept_apart_and_one_may_be_asked_for()
    {
        Write(
            new LoggedRequest("kv/data/apps/web") { Name = "root-app" },
            new LoggedRequest("kv/data/apps/web") { Name = "team-app", Namespace = "team/a/" },
            new LoggedRequest("team/a/kv/data/apps/web") { Name = "prefixed", Namespace = "team/a/" });
        Assert.Equal([("prefixed", "team/a"), ("root-app", ""), ("team-app", "team/a")], (await FindAsync()).Select(row => (row.DisplayName, row.Namespace)).Order());
        Assert.Equal("root-app", Assert.Single(await FindAsync(query => query with { Namespace = "" })).DisplayName);
        Assert.Equal(["prefixed", "team-app"], (await FindAsync(query => query with { Namespace = "/team/a" })).Select(row => row.DisplayName).Order());
    }

    [Fact]
    public async Task A_reference_may_begin_with_the_namespace_that_the_log_tells_apart()
    {
        Write(
            new LoggedRequest("kv/data/apps/web") { Name = "root-app" },
            new LoggedRequest("kv/data/apps/web") { Name = "team-app", Namespace = "team/a/" });
        foreach (string uri in new[] { "vault://team/a/kv", "vault://team/a/kv/apps/web" })
        {
            Assert.Equal("team-app", Assert.Single(await FindAsync(query => query with { Uris = [uri] })).DisplayName);
            Assert.Equal("team-app", Assert.Single(await FindAsync(query => query with { Uris = [uri], Mount = "team/a/kv" })).DisplayName);
            SecretPath path = SecretReference.Parse(uri).Path;
            Assert.All(new SecretPath?[] { null, SecretPath.Parse("team/a/kv") }, mount =>
                Assert.Contains(new LogTarget(null, path, mount, null, null).Text, "\"kv/data/apps/web\"", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Since_and_until_compare_moments_whatever_offset_they_were_written_with()
    {
        Write(
            new LoggedRequest("kv/data/apps/web") { Name = "before", Time = Noon.AddTicks(-1) },
            new LoggedRequest("kv/data/apps/web") { Name = "at", Time = new(2026, 11, 1, 17, 30, 0, TimeSpan.FromHours(5.5)) },
            new LoggedRequest("kv/data/apps/web") { Name = "until", Time = Noon.AddHours(1) },
            new LoggedRequest("kv/data/apps/web") { Name = "within", Time = Noon.AddMinutes(1) });
        Assert.Equal(["at", "within"], (await FindAsync(query => query with { Since = Noon, Until = Noon.AddHours(1) })).Select(row => row.DisplayName).Order());
        Assert.Empty(Reporter.Warnings);
    }

    [Fact]
    public async Task A_log_that_begins_too_late_is_warned_of()
    {
        Write(new LoggedRequest("kv/data/apps/web"));
        await FindAsync(query => query with { Since = Noon.AddDays(-1) });
        Assert.Equal("The log begins at 2026-11-01 12:00:00Z, after 2026-10-31 12:00:00Z: who asked before that is not known.", Assert.Single(Reporter.Warnings));
    }

    [Fact]
    public async Task A_log_that_ends_too_early_is_warned_of_because_it_proves_nothing()
    {
        Write(new LoggedRequest("kv/data/apps/web"));
        Assert.Empty(await FindAsync(query => query with { Since = Noon.AddDays(1) }));
        Assert.Equal("The log ends at 2026-11-01 12:00:00Z, before 2026-11-02 12:00:00Z: who asked since then is not known. Give the live log as well.", Assert.Single(Reporter.Warnings));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a host's name\n")]
    [InlineData("{\"unlike\":\"an entry\"}\n")]
    public async Task What_is_no_audit_log_is_warned_of_because_no_rows_would_mean_that_nobody_asked(string text)
    {
        File.WriteAllText(Log, text);
        Assert.Empty(await FindAsync());
        Assert.StartsWith("Nothing that was read is an entry of an audit log", Assert.Single(Reporter.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaving_out_own_requests_without_any_trail_is_warned_of()
    {
        Write(new LoggedRequest("kv/data/apps/web"));
        Assert.Single(await FindAsync(query => query with { ExcludesOwn = true }));
        Assert.StartsWith("No audit trail of SecretBridge is known", Assert.Single(Reporter.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_can_be_of_what_requests_have_in_common()
    {
        Write(
            new LoggedRequest("kv/data/apps/web"),
            new LoggedRequest("kv/data/apps/db") { Policies = ["app", "more"], Address = "10.0.0.9" },
            new LoggedRequest("kv/data/apps/db") { Name = "token-ci", Role = null, Entity = null, Policies = ["root"] });
        Assert.Equal(["app:2:approle", "default:1:approle", "more:1:approle", "root:1:token-ci"], await GroupsAsync(row => row.Policy.Single(), ConsumerGrouping.Policy));
        Assert.Equal(["vault://kv/apps/db:2:", "vault://kv/apps/web:1:approle"], await GroupsAsync(row => row.Uri, ConsumerGrouping.Path));
        Assert.Equal(["10.0.0.7:2:", "10.0.0.9:1:approle"], await GroupsAsync(row => row.RemoteAddress.Single(), ConsumerGrouping.RemoteAddress));
        Assert.Equal([":1:token-ci", "web:2:approle"], await GroupsAsync(row => row.Role ?? "", ConsumerGrouping.Role));
        Assert.Equal(["968565a2-b7f7-5f8a-7f0e-cca474c8183f:2:approle", ":1:token-ci"], await GroupsAsync(row => row.EntityId ?? "", ConsumerGrouping.Entity));
        Assert.Equal(3, (await FindAsync(query => query with { GroupBy = [ConsumerGrouping.DisplayName, ConsumerGrouping.Path] })).Length);
    }

    [Fact]
    public async Task Escapes_in_a_path_do_not_hide_it()
    {
        string line = new LoggedRequest("kv/data/apps/web").Response;
        foreach (string spelled in (string[])["kv\\/data\\/apps\\/web", "kv/data/\\u0061pps/web", "\\u006Bv/data/apps/web", "kv/data/apps\\u002Fweb"])
        {
            File.WriteAllText(Log, line.Replace("kv/data/apps/web", spelled, StringComparison.Ordinal));
            Assert.Equal(1, Assert.Single(await FindAsync()).Reads);
        }
    }

    [Theory]
    [InlineData("vault://kv/te am", "kv/data/te am/x")]
    [InlineData("vault://kv/%C3%BCber/%22q%22", "kv/data/über/\"q\"")]
    [InlineData("vault://kv/a%3Cb%26c%3E", "kv/data/a<b&c>")]
    [InlineData("vault://kv/back%5Cslash", "kv/data/back\\slash")]
    [InlineData("vault://kv/日本", "kv/data/日本/語")]
    public async Task Unusual_names_are_found(string uri, string path)
    {
        Write(new LoggedRequest(path), new LoggedRequest("kv/data/other"));
        Assert.Equal(1, Assert.Single(await FindAsync(uri)).Reads);
    }

    [Fact]
    public async Task Marks_prefixes_line_ends_and_blank_lines_do_not_matter()
    {
        string[] lines = [new LoggedRequest("kv/data/apps/a").Response, new LoggedRequest("kv/data/apps/b").Response, new LoggedRequest("kv/data/apps/c").Response];
        File.WriteAllText(Log, $"{lines[0]}\r\n\r\n   \n<13>Nov  1 12:00:00 node vault[7]: {lines[1]}\r\n\n{lines[2]}", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        VaultConsumer row = Assert.Single(await FindAsync());
        Assert.Equal(3, row.Reads);
    }

    [Fact]
    public async Task Lines_that_are_broken_are_told_and_the_others_count()
    {
        string whole = new LoggedRequest("kv/data/apps/a").Response;
        File.WriteAllLines(Log, [whole, whole[..^40], "{\"kv/apps\":1}", whole + whole, "nothing /apps at all", whole.Replace("\"10.0.0.7\"", "\"\\ud800\"", StringComparison.Ordinal), new LoggedRequest("kv/data/apps/a").Response]);
        VaultConsumer[] rows = await FindAsync(query => query with { ReadsEveryLine = true });
        Assert.Equal(["line 2", "line 3", "line 4", "line 5", "line 6"], rows.Where(row => row.Fault is not null).Select(row => row.Fault!.Message.Split(", ")[1].Split(':')[0]));
        Assert.Equal(2, rows[^1].Reads);
    }

    [Fact]
    public async Task Lines_cut_anywhere_never_count_as_another_and_never_end_the_search()
    {
        string whole = new LoggedRequest("kv/data/apps/a").Response;
        for (int length = 0; length < whole.Length; length++)
        {
            VaultConsumer[] rows = await FindAsync(null, new LogInput(whole[..length], null), new LogInput(whole, null));
            Assert.Equal(1, rows.Sum(row => row.Reads));
        }
    }

    [Fact]
    public async Task A_line_longer_than_any_entry_is_told_and_the_others_count()
    {
        File.WriteAllText(Log, new LoggedRequest("kv/data/apps/a").Response + "\n" + new string('x', 17 << 20) + "\n" + new LoggedRequest("kv/data/apps/a").Response.Replace("\"mount_type\":\"kv\"", $"\"mount_type\":\"{new string('k', 3 << 20)}\"", StringComparison.Ordinal) + "\n");
        VaultConsumer[] rows = await FindAsync();
        Assert.Equal(FaultKind.PayloadTooLarge, rows[0].Fault!.Kind);
        Assert.Contains("line 2", rows[0].Fault!.Message, StringComparison.Ordinal);
        Assert.Equal(2, rows[1].Reads);
    }

    [Fact]
    public async Task Lines_count_wherever_the_blocks_that_are_read_end()
    {
        LoggedRequest[] requests = Enumerable.Range(0, 2500).Select(i => new LoggedRequest("kv/data/apps/" + new string('n', i % 97)) { Name = $"name-{i % 3}" }).ToArray();
        Write(requests);
        Assert.InRange(new FileInfo(Log).Length, 3 << 20, long.MaxValue);
        Pack(Path.Combine(Folder, "audit.log.gz"), [.. requests.SelectMany(request => request.Lines)]);
        foreach (string file in (string[])[Log, Path.Combine(Folder, "audit.log.gz")])
        {
            VaultConsumer[] rows = await FindAsync(query => query with { Logs = [file] });
            Assert.Equal([833, 833, 834], rows.Select(row => row.Reads).Order());
        }
    }

    [Fact]
    public async Task Of_a_name_that_comes_twice_the_last_counts()
    {
        string line = new LoggedRequest("kv/data/other").Response;
        File.WriteAllText(Log, line.Replace("\"path\":\"kv/data/other\"", "\"path\":\"kv/data/other\",\"path\":\"kv/data/apps/web\"", StringComparison.Ordinal));
        Assert.Equal(1, Assert.Single(await FindAsync()).Reads);
        File.WriteAllText(Log, line.Replace("\"path\":\"kv/data/other\"", "\"path\":\"kv/data/apps/web\",\"path\":\"kv/data/other\"", StringComparison.Ordinal));
        Assert.Empty(await FindAsync());
    }

    [Theory]
    [InlineData(510, 1)]
    [InlineData(511, 0)]
    public async Task A_line_may_be_nested_as_deep_as_the_limit(int depth, int counted)
    {
        string nested = new string('[', depth) + new string(']', depth);
        File.WriteAllText(Log, new LoggedRequest("kv/data/apps/web").Response.Replace("\"operation\":", $"\"data\":{nested},\"operation\":", StringComparison.Ordinal));
        VaultConsumer row = Assert.Single(await FindAsync());
        Assert.Equal((counted, counted == 0), (row.Reads, row.Fault is not null));
    }

    [Fact]
    public async Task Cancelling_ends_the_search_at_the_next_block()
    {
        Write(new LoggedRequest("kv/data/apps/web"));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var scan = new ConsumerScan(new() { Uris = ["vault://kv/apps"], Logs = [Log] }, Reporter);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (VaultConsumer _ in scan.RunAsync(Each<LogInput>([]), cancelled.Token))
            {
            }
        });
    }

    [Fact]
    public async Task Paths_that_are_hashed_are_warned_of_in_clear_words()
    {
        Write(new LoggedRequest("kv/data/apps/web"), new LoggedRequest("hmac-sha256:38ae51f3a0da67bf"));
        Assert.Equal(1, Assert.Single(await FindAsync()).Reads);
        Assert.StartsWith("2 entries hold their path as an HMAC: nobody can tell", Assert.Single(Reporter.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_rotated_files_packed_or_not_is_read_once_and_in_order()
    {
        Write(new LoggedRequest("kv/data/apps/web") { Time = Noon.AddDays(2), Id = "00000000-0000-4000-9000-000000000001" });
        LoggedRequest split = new("kv/data/apps/web") { Time = Noon.AddDays(1) };
        File.WriteAllLines(Log + ".1", [split.Response]);
        Pack(Log + ".2.gz", [new LoggedRequest("kv/data/apps/web") { Time = Noon }.Response, split.Request]);
        Pack(Log + ".1.gz", [split.Response]);
        VaultConsumer row = Assert.Single(await FindAsync(query => query with { Logs = [Folder] }));
        Assert.Equal((3L, Noon, Noon.AddDays(2)), (row.Reads, row.FirstTime, row.LastTime));
    }

    [Fact]
    public async Task Lines_and_files_may_be_piped()
    {
        Write(new LoggedRequest("kv/data/apps/web"));
        LogInput[] inputs = [.. new LoggedRequest("kv/data/apps/web").Lines.Select(line => new LogInput(line, null)), new(null, Log)];
        Assert.Equal(2, Assert.Single(await FindAsync(query => query with { Logs = [] }, inputs)).Reads);
    }

    [Fact]
    public async Task Own_requests_are_told_apart_by_the_ids_of_a_trail_and_can_be_left_out()
    {
        var own = new LoggedRequest("kv/data/apps/web");
        string trail = Path.Combine(Folder, "trail.jsonl");
        File.WriteAllLines(trail,
        [
            $$$"""{"time":"2026-11-01T12:00:00Z","action":"secret.decrypted","reference":"vault://kv/apps/web","details":{"vault_request_id":"{{{own.Id}}}"}}""",
            """{"time":"2026-11-01T12:00:00Z","action":"secret.removed","reference":"vault://kv/apps/web","details":{"correlation_id":"0c0ffee0-0000-4000-8000-000000000000"}}""",
        ]);
        Write(own, new LoggedRequest("kv/data/apps/web") { Operation = "delete", Correlation = "0c0ffee0-0000-4000-8000-000000000000" }, new LoggedRequest("kv/data/apps/web"));
        VaultConsumer[] rows = await FindAsync(query => query with { Trails = [trail] });
        Assert.Equal([(false, 1L, 0L), (true, 1L, 1L)], rows.Select(row => (row.IsSecretBridge, row.Reads, row.Writes)).Order());
        Assert.False(Assert.Single(await FindAsync(query => query with { Trails = [trail], ExcludesOwn = true })).IsSecretBridge);
    }

    [Theory]
    [InlineData("builtin://apps", null, FaultKind.NotSupported)]
    [InlineData("apps", null, FaultKind.InvalidReference)]
    [InlineData("vault://kv/apps", "other", FaultKind.InvalidArgument)]
    public async Task A_reference_that_cannot_be_looked_for_is_refused(string uri, string? mount, FaultKind kind)
    {
        BridgeException fault = await Assert.ThrowsAsync<BridgeException>(() => FindAsync(uri, query => query with { Mount = mount }));
        Assert.Equal(kind, fault.Kind);
    }

    [Fact]
    public async Task Of_targets_that_overlap_each_counts_a_request_once()
    {
        Write(new LoggedRequest("kv/data/apps/db"), LoggedRequest.Denied("kv/data/apps/db"));
        VaultConsumer[] rows = await FindAsync(query => query with { Uris = ["vault://kv/apps", "vault://kv/apps/db"] });
        Assert.Equal([(1, 1), (1, 1)], rows.Select(row => (row.Reads, row.Denied)));
    }

    [Theory]
    [InlineData("path")]
    [InlineData("operation")]
    public async Task What_a_device_leaves_out_is_warned_of(string member)
    {
        File.AppendAllLines(Log, new LoggedRequest("kv/data/apps/db").Lines.Select(line => Without(line, member)));
        Assert.Empty(await FindAsync());
        Assert.Contains(Reporter.Warnings, warning => warning.Contains("do not tell their path or operation", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Files_that_begin_with_a_blank_line_are_no_copies_of_each_other()
    {
        string folder = Directory.CreateDirectory(Path.Combine(Folder, "logs")).FullName;
        File.WriteAllText(Path.Combine(folder, "audit.log"), "\n" + string.Join('\n', new LoggedRequest("kv/data/apps/a").Lines) + "\n");
        File.WriteAllText(Path.Combine(folder, "audit.log.1"), "\n" + string.Join("\n", (string[])[.. new LoggedRequest("kv/data/apps/b").Lines, .. new LoggedRequest("kv/data/other").Lines]) + "\n");
        Assert.Equal(2, Assert.Single(await FindAsync(query => query with { Logs = [folder] })).Reads);
    }

    [Fact]
    public async Task A_packed_file_that_was_cut_off_before_its_first_line_is_told()
    {
        string packed = Path.Combine(Folder, "audit.log.1.gz");
        File.WriteAllText(packed, "");
        VaultConsumer row = Assert.Single(await FindAsync(query => query with { Logs = [packed] }));
        Assert.Equal(packed, row.Fault?.Target);
    }

    [Fact]
    public async Task A_log_without_any_entry_proves_nothing_and_is_warned_of()
    {
        File.WriteAllText(Log, "<json:object><json:string name=\"path\">kv/data/x</json:string></json:object>\n");
        Assert.Empty(await FindAsync(query => query with { Since = DateTimeOffset.UnixEpoch }));
        Assert.NotEmpty(Reporter.Warnings);
    }

    [Fact]
    public async Task A_file_that_is_rotated_while_others_are_read_is_not_passed_over()
    {
        string folder = Directory.CreateDirectory(Path.Combine(Folder, "logs")).FullName;
        string[] files = [Path.Combine(folder, "audit.log"), Path.Combine(folder, "audit.log.1"), Path.Combine(folder, "audit.log.2")];
        var time = new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
        for (int i = 0; i < files.Length; i++)
        {
            File.WriteAllLines(files[i], new LoggedRequest("kv/data/apps/" + i) { Time = time.AddDays(-i) }.Lines);
        }

        var rows = new List<VaultConsumer>();
        var query = new ConsumerQuery { Uris = ["vault://kv/apps"], Logs = [folder], Time = new SteppingTime() };
        var reporter = new RotatingReporter(() =>
        {
            File.Move(files[2], Path.Combine(folder, "audit.log.3"));
            File.Move(files[1], files[2]);
            File.Move(files[0], files[1]);
            File.WriteAllLines(files[0], new LoggedRequest("kv/data/other") { Time = time.AddDays(1) }.Lines);
        });
        await foreach (VaultConsumer row in new ConsumerScan(query, reporter).RunAsync(Each(Array.Empty<LogInput>()), default))
        {
            rows.Add(row);
        }

        Assert.True(rows.Exists(row => row.Fault is not null) || rows.Sum(row => row.Reads) == 3, $"{rows.Sum(row => row.Reads)} reads, and no fault.");
    }

    [Fact]
    public async Task Rows_show_no_token_and_no_hash_of_one()
    {
        Write(new LoggedRequest("kv/data/apps/web") { Token = "canary-raw-token" });
        string shown = string.Join('\n', (await FindAsync()).Select(row => System.Text.Json.JsonSerializer.Serialize(row) + row));
        Assert.DoesNotContain("canary", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("hmac", shown, StringComparison.Ordinal);
    }

    private async Task<string[]> GroupsAsync(Func<VaultConsumer, string> name, params ConsumerGrouping[] by) =>
        (await FindAsync(query => query with { GroupBy = by })).Select(row => $"{name(row)}:{row.Reads}:{row.DisplayName}").Order(StringComparer.Ordinal).ToArray();

    private static (string Name, long Number)[] Counts(VaultConsumer row) =>
    [
        ("Reads", row.Reads), ("Lists", row.Lists), ("Writes", row.Writes), ("MetadataReads", row.MetadataReads), ("Denied", row.Denied), ("Failed", row.Failed),
    ];

    private static void Pack(string path, string[] lines)
    {
        using var packed = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        packed.Write(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
    }

    private static string Without(string line, string member)
    {
        JsonNode entry = JsonNode.Parse(line)!;
        entry["request"]!.AsObject().Remove(member);
        return entry.ToJsonString();
    }

    private sealed class SteppingTime : TimeProvider
    {
        private long _now;

        public override long GetTimestamp() => _now += TimestampFrequency;
    }

    private sealed class RotatingReporter(Action rotate) : IReporter
    {
        private bool _done;

        public void Progress(ProgressReport report)
        {
            if (!_done)
            {
                _done = true;
                rotate();
            }
        }

        public void Information(string message)
        {
        }

        public void Verbose(string message)
        {
        }

        public void Warning(string message)
        {
        }
    }
}
