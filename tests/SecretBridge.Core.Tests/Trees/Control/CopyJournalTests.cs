using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Trees.Control;

public sealed class CopyJournalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sb-journal-").FullName;
    private readonly ProbedStore _source = new("kv");
    private readonly ProbedStore _target = new("kv2");
    private readonly RecordingReporter _reporter = new();
    private CopySummary _summary = new();

    private string Journal => Path.Combine(_folder, "copy.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_journal_tells_each_secret_its_versions_and_the_end_and_no_value()
    {
        await PutAsync(3);
        await CopyAsync();
        string[] lines = await File.ReadAllLinesAsync(Journal);
        Assert.StartsWith("""{"format":"secretbridge-copy-journal","version":1,"run":""", lines[0], StringComparison.Ordinal);
        Assert.Equal("""{"root":"vault://kv"}""", lines[1]);
        Assert.StartsWith("""{"from":"vault://memory@kv","store":"memory:""", lines[2], StringComparison.Ordinal);
        Assert.Equal("""{"source":"vault://memory@kv/s0","destination":"vault://memory@kv2/s0","path":"s0","action":"Created","sourceVersion":1,"destinationVersion":1,"versionsCopied":1}""", lines[3]);
        Assert.StartsWith("""{"end":""", lines[^1], StringComparison.Ordinal);
        Assert.Equal(7, lines.Length);
        Assert.DoesNotContain("canary", string.Concat(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_is_its_owners_alone_and_one_that_is_not_is_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await PutAsync(1);
        await CopyAsync();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Journal));
        File.SetUnixFileMode(Journal, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", (await RefusedAsync(options => options with { Resume = true })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_line_that_could_not_be_written_whole_no_other_follows_it()
    {
        var time = TimeProvider.System;
        byte[] line = JournalLine.Root("vault://kv");
        using (var file = JournalFile.Open(Journal, resume: false, stream => new HalfStream(stream, after: 1), time))
        {
            file.Append(line);
            Assert.Equal(FaultKind.JournalInvalid, Assert.Throws<BridgeException>(() => file.Append(line)).Kind);
            Assert.Equal(FaultKind.JournalInvalid, Assert.Throws<BridgeException>(() => file.Append(line)).Kind);
        }

        using var again = JournalFile.Open(Journal, resume: true, null, time);
        Assert.Equal([line.Length - 1], again.ReadLines(JournalLine.Beginning).Select(read => read.Length));
    }

    [Fact]
    public void A_huge_file_that_is_no_journal_is_refused_by_its_beginning()
    {
        using (var file = new FileStream(Journal, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write }))
        {
            file.SetLength(3L << 30);
        }

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Journal, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        using var journal = JournalFile.Open(Journal, resume: true, null, TimeProvider.System);
        Assert.Contains("is no journal of such a run", Assert.Throws<BridgeException>(() => journal.ReadLines(JournalLine.Beginning).Count()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resumed_run_asks_nothing_about_what_is_done_and_tries_again_what_failed()
    {
        await PutAsync(10);
        await _target.PutAsync("s3", """{"k":"theirs"}""");
        _source.Before = (verb, path) => (verb, path.Value) == ("read", "s7") ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        await CopyAsync();
        Assert.Equal((8, 1, 1), (_summary.Created, _summary.Conflict, _summary.Failed));

        _source.Before = (_, _) => Task.CompletedTask;
        _source.Reads.Clear();
        _target.Writes.Clear();
        List<CopyResult> rows = await CopyAsync(options => options with { Resume = true });
        Assert.Equal(["s3", "s7"], _source.Reads.Order());
        Assert.Equal(["s7"], _target.Writes);
        Assert.Equal((9, 1, 0, 8), (_summary.Created, _summary.Conflict, _summary.Failed, _summary.Resumed));
        Assert.Equal("The journal says that it was done before.", rows[0].Reason);
        Assert.Equal((1, 1, 1), (rows[0].SourceVersion, rows[0].DestinationVersion, rows[0].VersionsCopied));

        _source.Reads.Clear();
        await CopyAsync(options => options with { Resume = true });
        Assert.Equal((9, 9), (_summary.Created, _summary.Resumed));
    }

    [Fact]
    public async Task A_last_line_that_broke_off_is_cut_away_and_its_secret_done_again()
    {
        await PutAsync(3);
        await CopyAsync();
        string[] lines = await File.ReadAllLinesAsync(Journal);
        await File.WriteAllTextAsync(Journal, string.Join('\n', lines[..5]) + "\n" + lines[5][..20]);
        await CopyAsync(options => options with { Resume = true });
        Assert.Equal((2, 1, 2), (_summary.Created, _summary.Unchanged, _summary.Resumed));
        Assert.Equal(lines[..5], (await File.ReadAllLinesAsync(Journal))[..5]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"form")]
    [InlineData("{\"format\":\"secretbridge-copy-journal\",\"version\":1,\"ru")]
    public async Task A_journal_whose_header_broke_off_is_begun_anew(string text)
    {
        await PutAsync(2);
        await WriteAsync(text);
        await CopyAsync(options => options with { Resume = true });
        Assert.Equal((2, 0), (_summary.Created, _summary.Resumed));
        Assert.StartsWith("""{"format":""", await File.ReadAllTextAsync(Journal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("my notes")]
    [InlineData("my notes\n")]
    [InlineData("{\"format\":\"other\",\"version\":1}\n")]
    [InlineData("{\"format\":\"secretbridge-copy-journal\",\"version\":2}\n")]
    public async Task Another_file_is_refused_and_left_as_it_is(string text)
    {
        await PutAsync(2);
        await WriteAsync(text);
        await RefusedAsync(options => options with { Resume = true });
        Assert.Equal(text, await File.ReadAllTextAsync(Journal));
        Assert.Empty(_target.Writes);
    }

    [Fact]
    public async Task A_damaged_line_in_the_middle_is_refused_by_its_number()
    {
        await PutAsync(3);
        await CopyAsync();
        string[] lines = await File.ReadAllLinesAsync(Journal);
        lines[4] = lines[4].Replace("Created", "Creatde", StringComparison.Ordinal);
        await File.WriteAllLinesAsync(Journal, lines);
        Assert.Contains("line 5", (await RefusedAsync(options => options with { Resume = true })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_that_is_there_is_refused_without_resume_and_so_is_resume_without_a_journal()
    {
        await PutAsync(1);
        await CopyAsync();
        Assert.Contains("-Resume", (await RefusedAsync(options => options)).Message, StringComparison.Ordinal);
        Assert.Equal(FaultKind.InvalidArgument, Assert.Throws<BridgeException>(() => Copy(options => options with { JournalPath = null, Resume = true })).Kind);
    }

    [Theory]
    [InlineData("conflict")]
    [InlineData("destination")]
    [InlineData("map")]
    [InlineData("include")]
    [InlineData("shard")]
    [InlineData("tag")]
    [InlineData("verify")]
    public async Task The_journal_of_another_run_is_refused_and_what_is_another_is_named(string what)
    {
        await PutAsync(2);
        await CopyAsync();
        BridgeException fault = await RefusedAsync(options => what switch
        {
            "conflict" => options with { Resume = true, Conflict = ConflictPolicy.Overwrite },
            "destination" => options with { Resume = true, DestinationUri = "vault://kv2/other" },
            "map" => options with { Resume = true, Map = [new("**", "x/**")] },
            "include" => options with { Resume = true, Include = ["s1"] },
            "shard" => options with { Resume = true, Shard = Shard.Of(1, 2) },
            "tag" => options with { Resume = true, Tag = new Dictionary<string, string> { ["a"] = "b" } },
            _ => options with { Resume = true, Verify = true },
        });
        Assert.Contains(what, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_source_or_another_store_of_the_same_name_is_refused()
    {
        await PutAsync(2);
        await CopyAsync();
        Assert.Contains("vault://kv/deeper", (await RefusedAsync(options => options with { Resume = true }, "vault://kv/deeper")).Message, StringComparison.Ordinal);
        var other = new ProbedStore("kv");
        await other.PutAsync("s0", """{"k":"other"}""");
        Assert.Contains("another store", (await RefusedAsync(options => options with { Resume = true, SourceStores = new StoreSet(other) })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_touches_no_journal()
    {
        await PutAsync(1);
        await CopyAsync(options => options with { PlanOnly = true });
        Assert.False(File.Exists(Journal));
    }

    [Fact]
    public async Task A_journal_in_use_is_refused()
    {
        await PutAsync(1);
        await WriteAsync("");
        await using FileStream held = new(Journal, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        await RefusedAsync(options => options with { Resume = true });
    }

    [Fact]
    public async Task What_a_mirror_deleted_before_is_counted_once_more()
    {
        await PutAsync(2);
        await _target.PutAsync("extra", """{"k":"v"}""");
        Func<CopyOptions, CopyOptions> mirror = options => options with { Resume = true, Mirror = true, MaxDelete = 1 };
        await CopyAsync(mirror);
        await CopyAsync(mirror);
        Assert.Equal((2, 1, 3), (_summary.Created, _summary.Deleted, _summary.Resumed));
    }

    [Fact]
    public async Task Many_secrets_are_forced_to_the_disk_together()
    {
        await PutAsync(600);
        var flushes = new List<int>();
        await CopyAsync(options => options with { Time = new Clocks.ManualTime(), WrapJournal = file => new CountingStream(file, flushes) });

        // The header, twice 256 lines, and the end with what is left.
        Assert.Equal(4, flushes.Count);
    }

    private async Task PutAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await _source.PutAsync(FormattableString.Invariant($"s{i}"), $$"""{"k":"canary-{{i}}"}""");
        }
    }

    private async Task WriteAsync(string text)
    {
        await File.WriteAllTextAsync(Journal, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Journal, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private async Task<BridgeException> RefusedAsync(Func<CopyOptions, CopyOptions> change, string source = "vault://kv")
    {
        BridgeException fault = await Assert.ThrowsAsync<BridgeException>(() => CopyAsync(change, source));
        Assert.Equal(FaultKind.JournalInvalid, fault.Kind);
        return fault;
    }

    private SubtreeCopy Copy(Func<CopyOptions, CopyOptions> change) => new(
        change(new()
        {
            SourceStores = new StoreSet(_source),
            DestinationStores = new StoreSet(_target),
            DestinationUri = "vault://kv2",
            JournalPath = Journal,
        }),
        _reporter);

    private async Task<List<CopyResult>> CopyAsync(Func<CopyOptions, CopyOptions>? change = null, string source = "vault://kv")
    {
        SubtreeCopy copy = Copy(change ?? (options => options));
        var rows = new List<CopyResult>();
        await foreach (CopyResult row in copy.RunAsync(new[] { new TreeItem(source) }.ToAsync(), CancellationToken.None))
        {
            rows.Add(row);
        }

        _summary = copy.Summary;
        return rows;
    }

    private sealed class CountingStream(FileStream file, List<int> flushes) : Stream
    {
        private int _lines;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => file.Length;

        public override long Position { get => file.Position; set => throw new NotSupportedException(); }

        public override void Flush() => flushes.Add(_lines);

        public override void Write(byte[] buffer, int offset, int count)
        {
            _lines++;
            file.Write(buffer, offset, count);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
