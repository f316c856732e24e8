using System.Text;
using SecretBridge.References;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.References;

public sealed class ReferenceUpdateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("secretbridge-").FullName;
    private readonly RecordingReporter _reporter = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("A=vault://kv/old", "A=vault://kv/new")]
    [InlineData("A=vault://kv/old/x/y#key", "A=vault://kv/new/x/y#key")]
    [InlineData("a: 'vault://kv/old' # was vault://kv/older", "a: 'vault://kv/new' # was vault://kv/older")]
    [InlineData("a: vault://kv/old/", "a: vault://kv/new/")]
    [InlineData("url=\"https://x/?s=${vault://kv/old#k}\"", "url=\"https://x/?s=${vault://kv/new#k}\"")]
    [InlineData("[vault://kv/old, vault://kv/old,vault://kv/old]", "[vault://kv/new, vault://kv/new,vault://kv/new]")]
    [InlineData("A=vault://kv/old;B=VAULT://kv/old", "A=vault://kv/new;B=vault://kv/new")]
    [InlineData("vault://kv/old/{org}/db", "vault://kv/new/{org}/db")]
    [InlineData("vault://kv/o%6Cd/x%2Dy", "vault://kv/new/x%2Dy")]
    [InlineData("'vault://kv/old/my app/db'", "'vault://kv/new/my app/db'")]
    [InlineData("'vault://kv/old#a' \"vault://kv/old#b\"", "'vault://kv/new#a' \"vault://kv/new#b\"")]
    [InlineData("'vault://kv/old#a vault://kv/old#b'", "'vault://kv/new#a vault://kv/new#b'")]
    [InlineData("vault://kv/deep/er/x vault://kv/deep/x", "vault://two/x vault://one/x")]
    [InlineData("builtin://app#key", "vault://kv/sagewai/app#key")]
    [InlineData("scaivault://up/a", "builtin://a")]
    public void Whole_tokens_are_rewritten_and_the_rest_stays(string before, string after) => Assert.Equal(after, Rewrite(before));

    [Theory]
    [InlineData("vault://kv/older")]
    [InlineData("vault://kv/old.")]
    [InlineData("vault://kv/old,er")]
    [InlineData("vault://kv/old{x}")]
    [InlineData("vault://kv/Old")]
    [InlineData("hashivault://kv/old")]
    [InlineData("x.vault://kv/old")]
    [InlineData("vault://prod@kv/old")]
    [InlineData("vault://kv/old?x=1")]
    [InlineData("kv/old")]
    [InlineData("'vault://kv/old man'")]
    [InlineData("vault://kv//old")]
    public void What_is_no_such_token_stays(string text) => Assert.Equal(text, Rewrite(text));

    [Fact]
    public void Rows_tell_place_and_references_and_nothing_else_of_the_file()
    {
        string path = Put("app.env", "# canary-1\r\nA=x vault://kv/old#a\r\nB='vault://kv/old/b canary-2'\r\n");
        ReferenceChange[] rows = Run(path);
        Assert.Equal(
            [(2, 5, "vault://kv/old#a", "vault://kv/new#a"), (3, 4, "vault://kv/old/b", "vault://kv/new/b")],
            rows.Select(row => (row.Line!.Value, row.Column!.Value, row.OldReference!, row.NewReference!)));
        Assert.Equal("# canary-1\r\nA=x vault://kv/new#a\r\nB='vault://kv/new/b canary-2'\r\n", File.ReadAllText(path));
        Assert.DoesNotContain("canary", System.Text.Json.JsonSerializer.Serialize(rows), StringComparison.Ordinal);
    }

    [Fact]
    public void In_JSON_strings_alone_are_rewritten_and_comments_order_and_spelling_stay()
    {
        const string Before = """
            {
              // vault://kv/old stays
              "z" : "vault://kv/old", /* vault://kv/old too */
              "n": 1.50,  "é": "ü vault:\/\/kv\/old\u0023k \u00fc",
              "vault://kv/old/name": ["vault://kv/old my", "see vault://kv/old"],
            }
            """;
        string path = Put("a.json", Before);
        ReferenceChange[] rows = Run(path);
        Assert.Equal(Before
            .Replace("\"z\" : \"vault://kv/old\"", "\"z\" : \"vault://kv/new\"", StringComparison.Ordinal)
            .Replace(@"vault:\/\/kv\/old\u0023k", @"vault://kv/new\u0023k", StringComparison.Ordinal)
            .Replace("vault://kv/old/name", "vault://kv/new/name", StringComparison.Ordinal)
            .Replace("see vault://kv/old", "see vault://kv/new", StringComparison.Ordinal), File.ReadAllText(path));
        Assert.Equal([(3, 10), (4, 23), (5, 4), (5, 53)], rows.Select(row => (row.Line!.Value, row.Column!.Value)));
        Assert.Equal("vault://kv/old#k", rows[1].OldReference);
    }

    [Theory]
    [InlineData("{\n  \"a\": \"vault://kv/old\",\n  \"ü\": canary }", "line 3, column 8")]
    [InlineData("{ \"a\": \"vault://kv/old\"", "line 1, column 24")]
    public void Broken_JSON_is_an_error_with_line_and_column_and_nothing_is_written(string json, string where)
    {
        string path = Put("a.json", json);
        ReferenceChange row = Assert.Single(Run(path));
        Assert.Equal(FaultKind.InvalidConfiguration, row.Fault!.Kind);
        Assert.Contains(where, row.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", row.Fault.ToString(), StringComparison.Ordinal);
        Assert.Equal(json, File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_pinned_version_is_left_out_and_warned_of()
    {
        string path = Put("a.env", "A=vault://kv/old/x?version=3#k");
        ReferenceChange row = Assert.Single(Run(path));
        Assert.Equal(("A=vault://kv/new/x#k", "vault://kv/old/x?version=3#k", "vault://kv/new/x#k"), (File.ReadAllText(path), row.OldReference, row.NewReference));
        Assert.Contains("version 3", Assert.Single(_reporter.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vault://kv/a", "vault://new/a")]
    [InlineData("vault://src@kv/a#k", "vault://src@new/a#k")]
    [InlineData("vault://kv/a/b", "vault://kv/a/b")]
    [InlineData("vault://kv/a?version=4", "vault://new/a?version=1")]
    [InlineData("vault://other@kv/a", "vault://other@kv/a")]
    [InlineData("vault://kv/far", "vault://dst@new/far")]
    public void A_copied_secret_is_itself_alone_and_files_need_not_name_its_connection(string before, string after)
    {
        string path = Put("a.env", before);
        Run(path, moves:
        [
            new("vault://src@kv/a", "vault://src@new/a") { IsCopy = true, FromVersion = 4, ToVersion = 1 },
            new("vault://src@kv/far", "vault://dst@new/far") { IsCopy = true },
        ]);
        Assert.Equal(after, File.ReadAllText(path));
    }

    [Fact]
    public void A_reference_that_may_mean_two_copies_stays_and_is_warned_of()
    {
        string path = Put("a.yaml", "x: 1\na: vault://kv/a\nb: vault://two@kv/a\n");
        Run(path, moves: [new("vault://one@kv/a", "vault://n@x/a") { IsCopy = true }, new("vault://two@kv/a", "vault://n@y/a") { IsCopy = true }]);
        Assert.Equal("x: 1\na: vault://kv/a\nb: vault://n@y/a\n", File.ReadAllText(path));
        Assert.Contains("a.yaml:2", Assert.Single(_reporter.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scaivault://up#k", "scaivault://up", "builtin://")]
    [InlineData("vault://kv/old?version=2#k", "vault://kv/old", "builtin://")]
    [InlineData("vault://kv/old#k", "vault://kv/old", "vault://other")]
    public void A_secret_whose_folder_became_a_store_s_root_stays_and_is_warned_of(string text, string from, string to)
    {
        string path = Put("a.env", text);
        Assert.Empty(Run(path, [new(from, to)]));
        Assert.Equal(text, File.ReadAllText(path));
        Assert.Contains("root", Assert.Single(_reporter.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_name_that_could_end_a_token_is_escaped()
    {
        string path = Put("a.env", "A=vault://kv/old");
        Run(path, moves: [new("vault://kv/old", "vault://kv/my \"app\", ü")]);
        Assert.Equal("A=vault://kv/my%20%22app%22%2C%20ü", File.ReadAllText(path));
        Assert.Equal("my \"app\", ü", SecretBridge.Stores.SecretReference.Parse(File.ReadAllText(path)[2..]).Path.Name);
    }

    [Fact]
    public void A_plan_writes_nothing()
    {
        string path = Put("a.env", "A=vault://kv/old");
        ReferenceChange row = Assert.Single(Run(path, planOnly: true));
        Assert.Equal((true, "vault://kv/new", null), (row.Planned, row.NewReference, row.Backup));
        Assert.Equal("A=vault://kv/old", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_backup_is_never_overwritten_and_can_be_left_out()
    {
        string path = Put("a.env", "A=vault://kv/old");
        Assert.Equal(path + ".bak", Assert.Single(Run(path)).Backup);
        File.WriteAllText(path, "B=vault://kv/old");
        Assert.Equal(path + ".bak.1", Assert.Single(Run(path)).Backup);
        Assert.Equal(("A=vault://kv/old", "B=vault://kv/old"), (File.ReadAllText(path + ".bak"), File.ReadAllText(path + ".bak.1")));
        File.WriteAllText(path, "C=vault://kv/old");
        Assert.Null(Assert.Single(Run(path, backup: false)).Backup);
        Assert.Equal(3, Directory.GetFiles(_folder).Length);
        Assert.Empty(Run(path));
    }

    [Theory]
    [InlineData("utf-8", false)]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    public void Encoding_mark_and_line_ends_stay(string name, bool marked)
    {
        Encoding encoding = Encoding.GetEncoding(name);
        const string Text = "é\r\nA=vault://kv/old\n\rB=ü";
        byte[] mark = marked ? encoding.GetPreamble() : [];
        foreach (string file in new[] { "a.env", "b.json" })
        {
            string text = file == "a.env" ? Text : "{\r\n\"é\":\"vault://kv/old\" }\r\n";
            string path = Path.Combine(_folder, file);
            File.WriteAllBytes(path, [.. mark, .. encoding.GetBytes(text)]);
            Assert.Single(Run(path));
            Assert.Equal([.. mark, .. encoding.GetBytes(text.Replace("old", "new", StringComparison.Ordinal))], File.ReadAllBytes(path));
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x41, 0xFF, 0x41 })]
    [InlineData(new byte[] { 0x41, 0x00, 0x41 })]
    public void What_is_no_text_is_refused(byte[] content)
    {
        string path = Path.Combine(_folder, "a.bin");
        File.WriteAllBytes(path, [.. content, .. "vault://kv/old"u8]);
        Assert.Equal(FaultKind.InvalidConfiguration, Assert.Single(Run(path)).Fault!.Kind);
    }

    [Fact]
    public void Files_that_are_too_large_or_none_are_rows_and_the_others_are_rewritten()
    {
        string large = Put("large.env", new string('x', 2000)), good = Put("good.env", "vault://kv/old");
        ReferenceChange[] rows = Run([large, Path.Combine(_folder, "none.env"), _folder, good], largest: 1000);
        Assert.Equal(
            [FaultKind.InvalidConfiguration, FaultKind.InvalidArgument, FaultKind.InvalidArgument, null],
            rows.Select(row => row.Fault?.Kind));
        Assert.Equal("vault://kv/new", File.ReadAllText(good));
    }

    [Fact]
    public void A_long_line_of_commas_is_looked_at_once()
    {
        string commas = string.Concat(Enumerable.Repeat("x,", 400_000));
        string path = Put("a.env", "vault://kv/" + commas + "vault://kv/old");
        Assert.Equal(800_012, Assert.Single(Run(path)).Column);
    }

    [Fact]
    public void A_file_that_others_change_meanwhile_is_left_as_it_is()
    {
        string path = Put("a.env", "vault://kv/theirs");
        BridgeException exception = Assert.Throws<BridgeException>(() => FileReplacement.Replace(path, "vault://kv/old"u8.ToArray(), "vault://kv/new"u8.ToArray(), backup: true));
        Assert.Contains("somebody else", exception.Message, StringComparison.Ordinal);
        Assert.Equal("vault://kv/theirs", File.ReadAllText(Assert.Single(Directory.GetFiles(_folder))));
    }

    [Fact]
    public void A_backup_that_cannot_be_written_whole_is_not_left_and_not_tried_for_ever()
    {
        string path = Put("a.env", "vault://kv/old");
        Assert.Throws<FileNotFoundException>(() => FileReplacement.KeepCopy(path, Path.Combine(_folder, "gone"), "x"u8.ToArray()));
        Assert.Equal(path, Assert.Single(Directory.GetFiles(_folder)));
    }

    [Fact]
    public void Mode_and_link_stay()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string real = Put("real.env", "vault://kv/old"), link = Path.Combine(_folder, "link.env");
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        File.SetUnixFileMode(real, Mode);
        File.CreateSymbolicLink(link, real);
        Assert.Equal(link + ".bak", Assert.Single(Run(link)).Backup);
        Assert.Equal(("vault://kv/new", real, Mode, Mode),
            (File.ReadAllText(real), new FileInfo(link).LinkTarget, File.GetUnixFileMode(real), File.GetUnixFileMode(link + ".bak")));
        Assert.Equal(3, Directory.GetFiles(_folder).Length);
    }

    [Theory]
    [InlineData("kv/old", "vault://kv/new", FaultKind.InvalidReference)]
    [InlineData("vault://kv/old#k", "vault://kv/new", FaultKind.InvalidReference)]
    [InlineData("vault://kv/old", "vault://kv/new?version=1", FaultKind.InvalidReference)]
    public void A_map_is_of_whole_references(string from, string to, FaultKind kind) =>
        Assert.Equal(kind, Assert.Throws<BridgeException>(() => new UpdateOptions { Moves = [new(from, to)] }.Validate()).Kind);

    [Fact]
    public void An_empty_map_is_refused() =>
        Assert.Equal(FaultKind.InvalidArgument, Assert.Throws<BridgeException>(() => new UpdateOptions { Moves = [] }.Validate()).Kind);

    private string Rewrite(string text)
    {
        string path = Put("a.env", text);
        Run(path, moves:
        [
            new("vault://kv/old", "vault://kv/new"),
            new("vault://kv/deep", "vault://one"),
            new("vault://kv/deep/er", "vault://two"),
            new("builtin://", "vault://kv/sagewai"),
            new("scaivault://up", "builtin://"),
        ]);
        return File.ReadAllText(path);
    }

    private string Put(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private ReferenceChange[] Run(string path, IReadOnlyList<MovedReference>? moves = null, bool planOnly = false, bool backup = true) =>
        Run([path], moves, planOnly, backup);

    private ReferenceChange[] Run(
        string[] paths, IReadOnlyList<MovedReference>? moves = null, bool planOnly = false, bool backup = true, long largest = 1 << 20)
    {
        var update = new ReferenceUpdate(
            new() { Moves = moves ?? [new("vault://kv/old", "vault://kv/new")], Backup = backup, LargestFile = largest }, _reporter);
        return update.RunAsync(paths.Select(path => new UpdateItem(path, planOnly)).ToAsync(), default).ToBlockingEnumerable().ToArray();
    }
}
