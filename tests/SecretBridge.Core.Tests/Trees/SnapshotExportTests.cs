using System.Diagnostics;
using System.Text;
using System.Text.Json;
using SecretBridge.Profiles;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Stores.Snapshots;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Stores;
using SecretBridge.Tests.Stores.Snapshots;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Trees;

public sealed class SnapshotExportTests : IDisposable
{
    private readonly SnapshotFolder _folder = new();
    private readonly ProbedStore _store = new("kv");
    private readonly RecordingReporter _reporter = new();

    private StoreSet Stores => new(_store);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_secret_that_cannot_be_read_ends_the_export_without_a_file()
    {
        await PutAsync("a", "b", "c");
        _store.Before = (verb, path) => path.Value == "b" && verb == "read" ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        var fault = await Assert.ThrowsAsync<BridgeException>(() => ExportAsync());
        Assert.Equal((FaultKind.PermissionDenied, _folder.Path), (fault.Kind, fault.Target));
        Assert.Contains("-AllowPartial", fault.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public async Task Where_that_is_allowed_it_is_a_row_and_marked_in_the_snapshot()
    {
        await PutAsync("a", "b", "f/x", "g/y");
        _store.Before = (verb, path) => (verb, path.Value) is ("read", "b") or ("list", "f") ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        List<SecretEntry> rows = await ExportAsync(options => options with { AllowPartial = true });
        Assert.Equal(["b", "f/"], rows.Select(row => row.RelativePath));
        Assert.All(rows, row => Assert.Equal((SecretState.Unreadable, FaultKind.PermissionDenied), (row.State!.Value, ((IFaultRow)row).Fault!.Kind)));
        Assert.Equal((2, 2, true), (_folder.Summary!.Secrets, _folder.Summary.Unreadable, _folder.Summary.IsPartial));

        // It never passes for whole: neither compared nor brought back.
        _store.Before = (_, _) => Task.CompletedTask;
        using SnapshotStore snapshot = await _folder.OpenAsync();
        var comparison = new TreeComparison(
            new() { ReferenceStores = new SnapshotResolver(snapshot, Stores), DifferenceStores = Stores, ReferenceUri = "snapshot://", DifferenceUri = "vault://kv" }, _reporter);
        List<TreeDifference> differences = await Rows(comparison.RunAsync(CancellationToken.None));
        Assert.False(comparison.Summary.IsClean);
        Assert.Contains(differences, row => row.Uri == "snapshot://f/" && row.ReferenceState == SecretState.Unreadable);
        Assert.Contains(differences, row => row.Uri == "snapshot://b" && row.ReferenceState == SecretState.Unreadable);
    }

    [Fact]
    public async Task A_secret_with_a_value_whose_metadata_seems_not_to_be_there_is_not_left_out_in_silence()
    {
        await PutAsync("a", "b");
        _store.Before = async (verb, path) =>
        {
            if (path.Value == "b")
            {
                await (verb == "metadata" ? _store.Inner.RemoveAsync(path, CancellationToken.None).AsTask() : PutAsync("b"));
            }
        };
        Assert.Equal(FaultKind.UnexpectedAbsence, (await Assert.ThrowsAsync<BridgeException>(() => ExportAsync())).Kind);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public async Task A_tree_that_cannot_be_listed_at_all_makes_no_snapshot_even_where_parts_may_lack()
    {
        _store.Before = (verb, path) => verb == "list" ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        await Assert.ThrowsAsync<BridgeException>(() => ExportAsync(options => options with { AllowPartial = true }));
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public async Task Cancelled_in_the_middle_it_leaves_no_file()
    {
        await PutAsync([.. Enumerable.Range(0, 50).Select(i => $"s{i}")]);
        using var stop = new CancellationTokenSource();
        _store.Before = async (verb, path) =>
        {
            if (verb == "read" && path.Value == "s30")
            {
                Assert.NotEmpty(_folder.Files);
                await stop.CancelAsync();
            }
        };
        var export = new SnapshotExport(new() { Stores = Stores, Uri = "vault://kv", File = _folder.File }, _reporter);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Rows(export.RunAsync(stop.Token)));
        Assert.Empty(_folder.Files);
        Assert.Null(export.Summary);
    }

    [Fact]
    public async Task A_failed_export_leaves_the_file_that_was_there()
    {
        await PutAsync("a");
        await ExportAsync();
        byte[] before = _folder.Bytes;
        _store.Before = (verb, path) => verb == "read" ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        await Assert.ThrowsAsync<BridgeException>(() => ExportAsync(options => options with { File = options.File with { Overwrite = true } }));
        Assert.Equal(before, _folder.Bytes);
        Assert.Equal([_folder.Path], _folder.Files);
    }

    [Fact]
    public async Task The_latest_versions_alone_are_kept_on_request_with_their_numbers()
    {
        await PutAsync("a", "a", "a");
        await ExportAsync(options => options with { Version = VersionSelection.Latest });
        Assert.Equal((1, 1, false), (_folder.Summary!.Secrets, _folder.Summary.Versions, _folder.Summary.HasHistory));
        using SnapshotStore snapshot = await _folder.OpenAsync();
        SecretMetadata metadata = (await snapshot.ReadMetadataAsync(SecretPath.Parse("a"), CancellationToken.None))!;
        Assert.Equal((3, 3), (metadata.CurrentVersion, Assert.Single(metadata.Versions).Number));
    }

    [Fact]
    public async Task One_secret_is_a_tree_of_its_own()
    {
        await PutAsync("a/b/c", "a/d");
        await ExportAsync(uri: "vault://kv/a/b/c");
        using SnapshotStore snapshot = await _folder.OpenAsync();
        Assert.Equal("c", Assert.Single((await snapshot.ListAsync(SecretPath.Root, CancellationToken.None)).Names).Listed);
    }

    [Fact]
    public async Task A_secret_of_the_name_of_the_folder_is_warned_of()
    {
        await PutAsync("a", "a/b");
        await ExportAsync(uri: "vault://kv/a");
        Assert.Contains(_reporter.Warnings, warning => warning.Contains("vault://memory@kv/a", StringComparison.Ordinal));
        Assert.Equal(1, _folder.Summary!.Secrets);
    }

    [Fact]
    public async Task A_version_of_a_number_and_histories_in_plain_text_are_refused_before_any_request()
    {
        await Assert.ThrowsAsync<BridgeException>(() => ExportAsync(options => options with { Version = VersionSelection.Of(3) }));
        await Assert.ThrowsAsync<BridgeException>(() => ExportAsync(options => options with { PlainFormat = PlainFormat.Json }));
        Assert.Empty(_store.Lists);
    }

    [Fact]
    public async Task Json_holds_each_secret_as_it_is()
    {
        await PutTreeAsync();
        Assert.Equal(
            "{\n  \"a/b\": {\"n\":1.50,\"list\":[1,null,true],\"é\":\"canary \\u2028\\n\\\"$x\\\"\"},\n  \"e\": {}\n}\n",
            await PlainAsync(PlainFormat.Json));
    }

    [Fact]
    public async Task Yaml_reads_back_as_the_same_texts_and_numbers()
    {
        await PutTreeAsync();
        string yaml = await PlainAsync(PlainFormat.Yaml);
        Assert.Equal("\"a/b\":\n  \"n\": 1.50\n  \"list\":\n  - 1\n  - null\n  - true\n  \"é\": \"canary \\L\\n\\\"$x\\\"\"\n\"e\": {}\n", yaml.Replace("\\xE9", "é", StringComparison.Ordinal).Replace("\\u2028", "\\L", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dotenv_reads_back_line_by_line()
    {
        await PutTreeAsync();
        IReadOnlyDictionary<string, SealedValue> values = DotEnvFile.Parse(await PlainAsync(PlainFormat.DotEnv), "x");
        Assert.Equal(["A_B_N", "A_B_LIST", "A_B__"], values.Keys);
        Assert.Equal(["1.50", "[1,null,true]", "canary \u2028\n\"$x\""], values.Values.Select(value => value.Reveal()));
    }

    [SkippableFact]
    public async Task Dotenv_gives_a_shell_and_this_module_each_value_as_it_is()
    {
        string[] odd =
        [
            "canary plain", "$HOME ${HOME} $(id) `id`", "it's", "'", "\"", "'\"\\$`!", "a\\", "it's a\\", "\\n is no line feed", "it's \\n none either",
            "two\nlines\n\n", "it's two\nlines", "\ttab\r\n", " blanks ", "#no comment", "a=b #c", "", "~ * ? [x] {a,b} & ; | < >", "é 日本 😀",
        ];
        string json = JsonSerializer.Serialize(odd.Select((value, i) => (value, i)).ToDictionary(pair => $"k{pair.i}", pair => pair.value));
        await _store.PutAsync("s", json);
        string text = await PlainAsync(PlainFormat.DotEnv);
        IReadOnlyDictionary<string, SealedValue> values = DotEnvFile.Parse(text, "x");
        Assert.Equal(odd, Enumerable.Range(0, odd.Length).Select(i => values[$"S_K{i}"].Reveal()));

        Skip.If(OperatingSystem.IsWindows(), "Windows has no shell of its own that reads such files.");
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", "set -a; . \"$1\" && exec env -0", "sh", _folder.Path]) { RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 })!;
        Dictionary<string, string> told = (await shell.StandardOutput.ReadToEndAsync()).Split('\0').Select(pair => pair.Split('=', 2))
            .Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        await shell.WaitForExitAsync();
        Assert.Equal(odd, Enumerable.Range(0, odd.Length).Select(i => told.GetValueOrDefault($"S_K{i}")));
    }

    [Fact]
    public async Task Dotenv_refuses_a_value_that_no_variable_can_hold()
    {
        await _store.PutAsync("s", """{"k":"canary\u0000"}""");
        var fault = await Assert.ThrowsAsync<BridgeException>(() => PlainAsync(PlainFormat.DotEnv));
        Assert.Equal((FaultKind.DestinationCannotHold, "s"), (fault.Kind, fault.Target));
        Assert.DoesNotContain("canary", fault.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public async Task Dotenv_refuses_two_keys_of_one_name_and_leaves_no_file()
    {
        await PutAsync("a-b", "a_b");
        var fault = await Assert.ThrowsAsync<BridgeException>(() => PlainAsync(PlainFormat.DotEnv));
        Assert.Equal(FaultKind.MapCollision, fault.Kind);
        Assert.DoesNotContain("canary", fault.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.Files);
    }

    [SkippableTheory]
    [InlineData(PlainFormat.Json)]
    [InlineData(PlainFormat.Yaml)]
    [InlineData(PlainFormat.DotEnv)]
    public async Task Plain_text_of_nothing_is_a_file_for_its_owner_alone(PlainFormat format)
    {
        await _store.Inner.WriteAsync(SecretPath.Parse("gone"), JsonText.Payload("{}"), null, CancellationToken.None);
        await _store.Inner.DeleteAsync(SecretPath.Parse("gone"), [], CancellationToken.None);
        Assert.True((await PlainAsync(format)).Trim() is "{}" or "");
        Assert.Contains(_reporter.Warnings, warning => warning.StartsWith("1 secrets have no value", StringComparison.Ordinal));
        Skip.If(OperatingSystem.IsWindows(), "Windows has no modes.");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(_folder.Path));
    }

    private static async Task<List<T>> Rows<T>(IAsyncEnumerable<T> source)
    {
        var rows = new List<T>();
        await foreach (T row in source)
        {
            rows.Add(row);
        }

        return rows;
    }

    private Task<List<SecretEntry>> ExportAsync(Func<SnapshotExportOptions, SnapshotExportOptions>? change = null, string uri = "vault://kv") =>
        _folder.ExportAsync(Stores, uri, change, _reporter);

    private async Task<string> PlainAsync(PlainFormat format)
    {
        await ExportAsync(options => options with { PlainFormat = format, Version = VersionSelection.Latest });
        return Encoding.UTF8.GetString(_folder.Bytes);
    }

    private async Task PutAsync(params string[] paths)
    {
        foreach (string path in paths)
        {
            await _store.Inner.WriteAsync(SecretPath.Parse(path), JsonText.Payload($$"""{"k":"canary-{{path.Length}}"}"""), null, CancellationToken.None);
        }
    }

    private async Task PutTreeAsync()
    {
        await _store.Inner.WriteAsync(SecretPath.Parse("a/b"), JsonText.Payload("""{"n":1.50,"list":[1,null,true],"é":"canary \u2028\n\"$x\""}"""), null, CancellationToken.None);
        await _store.Inner.WriteAsync(SecretPath.Parse("e"), JsonText.Payload("{}"), null, CancellationToken.None);
    }
}
