using System.IO.Compression;
using SecretBridge.Audit.Consumers;
using SecretBridge.Tests.Clocks;
using Xunit;

namespace SecretBridge.Tests.Audit.Consumers;

public sealed class LiveLogTests : ConsumerTest
{
    private readonly CancellationTokenSource _end = new(TimeSpan.FromMinutes(5));
    private readonly ManualTime _time = new();

    [Fact]
    public async Task What_is_there_comes_first_and_then_each_identity_that_asks_again()
    {
        Write(new LoggedRequest("kv/data/apps/a") { Name = "one" }, new LoggedRequest("kv/data/apps/a") { Name = "two", Time = new(2026, 11, 1, 13, 0, 0, TimeSpan.Zero) });
        await using IAsyncEnumerator<VaultConsumer> rows = Wait(Log);
        Assert.Equal([("two", 1L), ("one", 1L)], [await NextAsync(rows), await NextAsync(rows)]);
        Write(new LoggedRequest("kv/data/other") { Name = "two" }, new LoggedRequest("kv/data/apps/a") { Name = "one" });
        Assert.Equal(("one", 2L), await NextAsync(rows));
        Write(new LoggedRequest("kv/data/apps/a") { Name = "three" });
        Assert.Equal(("three", 1L), await NextAsync(rows));
    }

    [Fact]
    public async Task A_line_counts_once_it_is_whole()
    {
        Write(new LoggedRequest("kv/data/apps/a"));
        await using IAsyncEnumerator<VaultConsumer> rows = Wait(Log);
        Assert.Equal(("approle", 1L), await NextAsync(rows));
        string line = new LoggedRequest("kv/data/apps/a").Response;
        File.AppendAllText(Log, line[..300]);
        ValueTask<(string?, long)> next = new(NextAsync(rows));
        File.AppendAllText(Log, line[300..] + "\n");
        Assert.Equal(("approle", 2L), await next);
        Assert.Empty(Reporter.Warnings);
    }

    [Fact]
    public async Task A_file_that_is_renamed_is_read_to_its_end_and_the_new_one_from_its_start()
    {
        Write(new LoggedRequest("kv/data/apps/a"));
        await using IAsyncEnumerator<VaultConsumer> rows = Wait(Log);
        Assert.Equal(("approle", 1L), await NextAsync(rows));
        File.Move(Log, Log + ".1");
        File.AppendAllLines(Log + ".1", new LoggedRequest("kv/data/apps/a") { Name = "late" }.Lines);
        Assert.Equal(("late", 1L), await NextAsync(rows));
        Write(new LoggedRequest("kv/data/apps/a"));
        Assert.Equal(("approle", 2L), await NextAsync(rows));
        Pack(Log + ".1");
        Write(new LoggedRequest("kv/data/apps/a"));
        Assert.Equal(("approle", 3L), await NextAsync(rows));
    }

    [Fact]
    public async Task A_file_that_is_cut_off_is_read_anew()
    {
        Write(new LoggedRequest("kv/data/apps/a"), new LoggedRequest("kv/data/apps/a"));
        await using IAsyncEnumerator<VaultConsumer> rows = Wait(Log);
        Assert.Equal(("approle", 2L), await NextAsync(rows));
        File.WriteAllText(Log, "");
        Write(new LoggedRequest("kv/data/apps/a") { Name = "after" });
        Assert.Equal(("after", 1L), await NextAsync(rows));
    }

    [Fact]
    public async Task Rotated_files_beside_the_one_that_was_named_are_not_read()
    {
        File.WriteAllLines(Log + ".1", new LoggedRequest("kv/data/apps/a") { Name = "old" }.Lines);
        Write(new LoggedRequest("kv/data/apps/a"));
        await using IAsyncEnumerator<VaultConsumer> rows = Wait(Log);
        Assert.Equal(("approle", 1L), await NextAsync(rows));
        Write(new LoggedRequest("kv/data/apps/a"));
        Assert.Equal(("approle", 2L), await NextAsync(rows));
    }

    [Fact]
    public async Task In_a_folder_each_file_is_watched()
    {
        Write(new LoggedRequest("kv/data/apps/a"));
        await using IAsyncEnumerator<VaultConsumer> rows = Wait(Folder);
        Assert.Equal(("approle", 1L), await NextAsync(rows));
        File.WriteAllLines(Path.Combine(Folder, "audit-2.log"), new LoggedRequest("kv/data/apps/a") { Name = "second" }.Lines);
        Assert.Equal(("second", 1L), await NextAsync(rows));
    }

    [Fact]
    public async Task Waiting_ends_at_once_when_it_is_cancelled()
    {
        Write(new LoggedRequest("kv/data/apps/a"));
        await using IAsyncEnumerator<VaultConsumer> rows = Wait(Log);
        await NextAsync(rows);
        Task next = NextAsync(rows);
        await _end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    private IAsyncEnumerator<VaultConsumer> Wait(string log) =>
        new ConsumerScan(new() { Uris = ["vault://kv/apps"], Logs = [log], Waits = true, Time = _time }, Reporter)
            .RunAsync(Each<LogInput>([]), _end.Token).GetAsyncEnumerator(_end.Token);

    private static async Task<(string? Name, long Reads)> NextAsync(IAsyncEnumerator<VaultConsumer> rows)
    {
        Assert.True(await rows.MoveNextAsync());
        Assert.Null(rows.Current.Fault);
        return (rows.Current.DisplayName, rows.Current.Reads);
    }

    private static void Pack(string path)
    {
        using (var packed = new GZipStream(File.Create(path + ".gz"), CompressionLevel.Fastest))
        {
            packed.Write(File.ReadAllBytes(path));
        }

        File.Delete(path);
    }
}
