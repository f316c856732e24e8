using System.Text;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Stores.Sealed;
using SecretBridge.Tests.Clocks;
using Xunit;

namespace SecretBridge.Tests.Stores.Sealed;

public sealed class SealedFileStoreTests : IDisposable
{
    private readonly SealedFolder _folder = new();

    private static CancellationToken None => CancellationToken.None;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_one_store_saves_the_other_sees_and_a_closed_file_opens_again()
    {
        await using SealedFileStore one = await _folder.OpenAsync();
        await using SealedFileStore other = await _folder.OpenAsync();
        await one.PutAsync("a/b", """{"k":"1"}""");
        Assert.Equal("""{"k":"1"}""", await other.TextAsync("a/b"));
        await other.PutAsync("a/b", """{"k":"2"}""", 1);
        await other.PutAsync("c", """{"k":"3"}""", 0);
        Assert.Equal("""{"k":"2"}""", await one.TextAsync("a/b"));
        await one.DisposeAsync();

        await using SealedFileStore later = await _folder.OpenAsync(options => options with { Create = false });
        Assert.Equal((2, 4L, SealedKeyKind.KeyFile), (later.Describe().Count, later.Describe().Generation, later.Describe().KeyKind));
        Assert.Equal(one.Identity, later.Identity);
        Assert.Equal("""{"k":"2"}""", await later.TextAsync("a/b"));
        Assert.Equal("builtin://a/b", new StoreLocation(later, SecretPath.Parse("a/b")).Uri);
    }

    [Fact]
    public async Task Neither_values_nor_names_stand_in_the_file()
    {
        await using SealedFileStore store = await _folder.OpenAsync();
        await using IWriteSession session = await store.OpenWriteSessionAsync(None);
        await session.WriteAsync(SecretPath.Parse("canary-folder/name"), JsonText.Payload("""{"canary-key":"canary-value"}"""), null, None);
        await session.WriteMetadataAsync(SecretPath.Parse("canary-folder/name"), new() { CustomMetadata = new Dictionary<string, string> { ["canary-owner"] = "canary-me" } }, None);
        string text = Encoding.Latin1.GetString(_folder.Bytes);
        Assert.DoesNotContain("canary", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Y2FuYXJ5", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_save_has_a_data_key_of_its_own()
    {
        await using SealedFileStore store = await _folder.FillAsync(1);
        string[] before = Encoding.ASCII.GetString(_folder.Bytes).Split('\n', ' ');
        await store.PutAsync("other", "{}");
        Assert.Empty(Encoding.ASCII.GetString(_folder.Bytes).Split('\n', ' ').Intersect(before).Except([SealedFileFormat.FirstLine, SealedFileFormat.LastLine, ""]));
    }

    [Fact]
    public async Task A_reader_of_names_and_metadata_opens_no_payload()
    {
        await using (await _folder.FillAsync(2))
        {
        }

        // Payloads that are damaged but rightly summed are noticed by who reads them, and by nobody else.
        var text = SealedFileText.Parse(_folder.Bytes, _folder.Path);
        using var kek = SealedKek.Derive(_folder.Key, text.Header.Kdf, _folder.Path);
        text.Records[0].Data[20] ^= 1;
        SealedContent content = SealedFileReader.Open(text, kek, _folder.Path);
        Assert.Equal(["a/0", "a/1"], content.Entries.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(1, content.Entries["a/0"].Version);
        var exception = Assert.Throws<BridgeException>(() => content.Entries["a/0"].Data.Open("a/0"));
        Assert.Equal(FaultKind.SealedFileTampered, exception.Kind);
    }

    [Fact]
    public async Task A_group_of_changes_is_one_save_and_each_is_answered_for_itself()
    {
        int saves = 0;
        using var submitted = new CountdownEvent(100);
        await using SealedFileStore store = await _folder.FillAsync(1);
        await using SealedFileStore counted = await _folder.OpenAsync(options => options with
        {
            BeforeStep = step =>
            {
                if (step == SaveStep.Lock)
                {
                    // The first group, of however many, is saved while all others wait.
                    submitted.Wait();
                }

                saves += step == SaveStep.Rename ? 1 : 0;
            },
        });
        Task<WriteReceipt>[] writes = Enumerable.Range(0, 100).Select(i => Task.Run(() =>
        {
            Task<WriteReceipt> write = counted.PutAsync(i % 10 == 0 ? "a/0" : $"b/{i}", "{}", i % 10 == 0 ? 1 : 0);
            submitted.Signal();
            return write;
        })).ToArray();
        await ((Task)Task.WhenAll(writes)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        Assert.Equal(91, writes.Count(write => write.IsCompletedSuccessfully));
        Assert.All(writes.Where(write => write.IsFaulted), write => Assert.Equal(FaultKind.CheckAndSetMismatch, Assert.IsType<BridgeException>(write.Exception!.InnerException).Kind));
        Assert.InRange(saves, 1, 2);
        Assert.Equal(91, counted.Describe().Count);
    }

    [Fact]
    public async Task A_write_that_is_refused_saves_nothing()
    {
        await using SealedFileStore store = await _folder.FillAsync(1);
        byte[] before = _folder.Bytes;
        var exception = await Assert.ThrowsAsync<BridgeException>(() => store.PutAsync("a/0", """{"k":"canary-x"}""", 7));
        Assert.Equal((FaultKind.CheckAndSetMismatch, "builtin://a/0"), (exception.Kind, exception.Target));
        Assert.Equal(before, _folder.Bytes);
    }

    [Fact]
    public async Task Whoever_cancels_before_the_commit_has_written_nothing()
    {
        await using SealedFileStore store = await _folder.FillAsync(1);
        byte[] before = _folder.Bytes;
        using var stop = new CancellationTokenSource();
        await using IWriteSession session = await store.OpenWriteSessionAsync(None);
        Task<WriteReceipt> write;
        await using (new FileStream(_folder.Path + ".lock", FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            write = session.WriteAsync(SecretPath.Parse("x"), JsonText.Payload("{}"), null, stop.Token).AsTask();
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
        }

        await store.PutAsync("y", "{}");
        Assert.Null(await store.TextAsync("x"));
        Assert.NotEqual(before, _folder.Bytes);
    }

    [Fact]
    public async Task A_lock_that_is_never_given_back_is_waited_for_so_long_and_no_longer()
    {
        var time = new ManualTime();
        await using SealedFileStore store = await _folder.OpenAsync(options => options with { LockTimeout = TimeSpan.FromSeconds(3) }, time);
        await using var held = new FileStream(_folder.Path + ".lock", FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var exception = await Assert.ThrowsAsync<BridgeException>(() => store.PutAsync("x", "{}"));
        Assert.Equal(FaultKind.SealedFileBusy, exception.Kind);
        Assert.Contains("3 seconds", exception.Message, StringComparison.Ordinal);
        Assert.InRange(time.Waits.Sum(wait => wait.TotalSeconds), 3, 3.2);
        Assert.True(time.Waits.Distinct().Count() > 20, "Two who wait would meet again and again.");
    }

    [Fact]
    public async Task Who_reads_while_others_save_sees_whole_saves_only()
    {
        await using SealedFileStore store = await _folder.FillAsync(20);
        await using SealedFileStore other = await _folder.OpenAsync();
        using var written = new CancellationTokenSource();
        Task<int>[] readers = new[] { store, other, other }.Select(source => Task.Run(async () =>
        {
            int last = 1;
            while (!written.IsCancellationRequested)
            {
                SecretReading reading = await source.ReadAsync(SecretPath.Parse("a/0"), null, None);
                Assert.True(reading.Version >= last, "A later read gave an earlier version.");
                Assert.Equal(reading.Version == 1 ? "canary-0" : $"{reading.Version}", reading.Payload!.GetValue("k")!.Reveal());
                Assert.Equal(20, (await source.ListAsync(SecretPath.Parse("a"), None)).Names.Count);
                last = reading.Version!.Value;
            }

            return last;
        })).ToArray();
        for (int i = 2; i <= 60; i++)
        {
            await (i % 2 == 0 ? store : other).PutAsync("a/0", $$"""{"k":"{{i}}"}""", i - 1);
        }

        await written.CancelAsync();
        Assert.All(await Task.WhenAll(readers), last => Assert.InRange(last, 1, 60));
    }

    [Fact]
    public async Task Another_key_seals_everything_anew_and_who_has_the_old_one_is_told()
    {
        await using SealedFileStore store = await _folder.FillAsync(3);
        await using SealedFileStore other = await _folder.OpenAsync();
        await store.ChangeKeyAsync(SealedFolder.Passphrase("another"), None);
        Assert.Equal("""{"k":"canary-2"}""", await store.TextAsync("a/2"));
        await store.PutAsync("a/2", """{"k":"new"}""", 1);
        Assert.Equal(SealedKeyKind.Passphrase, store.Describe().KeyKind);

        foreach (Func<Task> use in new Func<Task>[] { () => other.TextAsync("a/0"), () => other.PutAsync("a/0", "{}"), () => _folder.OpenAsync() })
        {
            Assert.Equal(FaultKind.WrongPassphrase, (await Assert.ThrowsAsync<BridgeException>(use)).Kind);
        }

        await using SealedFileStore again = await _folder.OpenAsync(options => options with { Credential = SealedFolder.Passphrase("another") });
        Assert.Equal("""{"k":"new"}""", await again.TextAsync("a/2"));
        Assert.Equal(3, again.Describe().Count);
    }

    [Fact]
    public async Task An_earlier_file_put_back_while_it_is_open_is_noticed_and_so_is_another_one()
    {
        await using SealedFileStore store = await _folder.FillAsync(1);
        byte[] earlier = _folder.Bytes;
        await store.PutAsync("a/0", "{}", 1);
        await File.WriteAllBytesAsync(_folder.Path, earlier);
        Assert.Equal(FaultKind.SealedFileTampered, (await Assert.ThrowsAsync<BridgeException>(() => store.TextAsync("a/0"))).Kind);
        File.Delete(_folder.Path);
        Assert.Equal(FaultKind.SealedFileFailed, (await Assert.ThrowsAsync<BridgeException>(() => store.PutAsync("a/0", "{}"))).Kind);
        Assert.False(File.Exists(_folder.Path));
        await using SealedFileStore foreign = await _folder.OpenAsync();
        Assert.Equal(FaultKind.SealedFileFailed, (await Assert.ThrowsAsync<BridgeException>(() => store.TextAsync("a/0"))).Kind);
    }

    [Fact]
    public async Task A_closed_store_neither_reads_nor_writes()
    {
        SealedFileStore store = await _folder.FillAsync(1);
        await using IWriteSession session = await store.OpenWriteSessionAsync(None);
        byte[] before = _folder.Bytes;
        await store.DisposeAsync();
        Assert.Equal(FaultKind.SealedStoreLocked, (await Assert.ThrowsAsync<BridgeException>(() => store.TextAsync("a/0"))).Kind);
        Assert.Equal(FaultKind.SealedStoreLocked, (await Assert.ThrowsAsync<BridgeException>(async () => await session.RemoveAsync(SecretPath.Parse("a/0"), None))).Kind);
        Assert.Equal(before, _folder.Bytes);
    }

    [Fact]
    public async Task What_a_sealed_file_cannot_hold_is_refused_before_it_is_saved()
    {
        await using SealedFileStore store = await _folder.OpenAsync();
        await using IWriteSession session = await store.OpenWriteSessionAsync(None);
        string large = $$"""{"k":"{{new string('x', 16 << 20)}}"}""";
        Assert.Equal(FaultKind.DestinationCannotHold, (await Assert.ThrowsAsync<BridgeException>(() => store.PutAsync("a", large))).Kind);
        Assert.Equal(FaultKind.NotSupported, (await Assert.ThrowsAsync<BridgeException>(async () => await session.WriteMetadataAsync(SecretPath.Parse("a"), new() { MaxVersions = 3 }, None))).Kind);
        Assert.Equal(1, store.Describe().Generation);
    }
}
