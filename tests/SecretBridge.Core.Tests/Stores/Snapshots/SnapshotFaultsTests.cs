using System.Text;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Stores.Snapshots;
using SecretBridge.Tests.Stores.Sealed;
using Xunit;

namespace SecretBridge.Tests.Stores.Snapshots;

/// <summary>Each thing that can be wrong with an archive has an error of its own.</summary>
public sealed class SnapshotFaultsTests : IDisposable
{
    private readonly SnapshotFolder _folder = new();

    public SnapshotFaultsTests() => _folder.Write(Enumerable.Range(0, 5).Select(i => ($"a/{i}", $$"""{"k":"canary-{{new string((char)('a' + i), 1000)}}"}""")), frameSize: 1000);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_wrong_passphrase_is_no_damage()
    {
        using (var writer = SnapshotWriter.Create(_folder.File with { Overwrite = true, Credential = SealedFolder.Passphrase("right") }))
        {
            writer.Complete(SnapshotFolder.Facts);
        }

        using (await SnapshotStore.OpenAsync(_folder.File with { Credential = SealedFolder.Passphrase("right") }, CancellationToken.None))
        {
        }

        Assert.Equal(FaultKind.WrongPassphrase, await FaultAsync(_folder.File with { Credential = SealedFolder.Passphrase("wrong") }));
        Assert.Equal(FaultKind.WrongPassphrase, await FaultAsync(_folder.File));
    }

    [Fact]
    public async Task A_newer_version_is_told_and_left_as_it_is()
    {
        byte[] newer = [.. Encoding.ASCII.GetBytes("secretbridge-snapshot/2"), .. _folder.Bytes[SnapshotFormat.FirstLine.Length..]];
        Assert.Equal(FaultKind.SealedFileTooNew, await FaultAsync(newer));
        Assert.Equal(newer, _folder.Bytes);
    }

    [Fact]
    public async Task A_sealed_store_is_no_snapshot() => Assert.Equal(FaultKind.SealedFileDamaged, await FaultAsync(Encoding.ASCII.GetBytes("secretbridge-sealed-file/1\n")));

    [Fact]
    public async Task Cut_off_anywhere_it_does_not_open()
    {
        byte[] whole = _folder.Bytes;
        for (int length = 0; length < whole.Length; length += length < 1000 ? 7 : 97)
        {
            Assert.Equal(FaultKind.SealedFileTruncated, await FaultAsync(whole[..length]));
        }
    }

    [Fact]
    public async Task Something_behind_its_end_is_told() => Assert.Equal(FaultKind.SealedFileTruncated, await FaultAsync([.. _folder.Bytes, 0]));

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_frame_taken_out_put_twice_or_elsewhere_is_tampering(bool twice, bool swapped)
    {
        byte[] whole = _folder.Bytes;
        (int first, int second, int third) = Frames(whole);
        byte[] one = whole[first..second], two = whole[second..third];
        byte[] changed = [.. whole[..first], .. twice ? one : [], .. swapped ? two : [], .. one, .. swapped || twice ? twice ? two : [] : [], .. whole[third..]];
        _folder.Put(changed);
        if (!swapped)
        {
            // The end moved, and whoever moved it mends what is not sealed.
            BitConverter.TryWriteBytes(changed.AsSpan(changed.Length - 16), BitConverter.ToInt64(changed, changed.Length - 16) + changed.Length - whole.Length);
            Assert.Equal(FaultKind.SealedFileTampered, await FaultAsync(changed));
            return;
        }

        using SnapshotStore store = await _folder.OpenAsync(changed);
        foreach (string path in new[] { "a/0", "a/1" })
        {
            var fault = await Assert.ThrowsAsync<BridgeException>(async () => await store.ReadAsync(SecretPath.Parse(path), null, CancellationToken.None));
            Assert.Equal(FaultKind.SealedFileTampered, fault.Kind);
        }

        Assert.Equal(SecretState.Live, (await store.ReadAsync(SecretPath.Parse("a/2"), null, CancellationToken.None)).State);
    }

    [Fact]
    public async Task A_damaged_frame_is_told_where_it_is_read_and_the_others_are_whole()
    {
        byte[] damaged = _folder.Bytes;
        damaged[Frames(damaged).First + 100] ^= 1;
        using SnapshotStore store = await _folder.OpenAsync(damaged);
        var fault = await Assert.ThrowsAsync<BridgeException>(async () => await store.ReadAsync(SecretPath.Parse("a/0"), null, CancellationToken.None));
        Assert.Equal(FaultKind.SealedFileDamaged, fault.Kind);
        Assert.Equal(SecretState.Live, (await store.ReadAsync(SecretPath.Parse("a/1"), null, CancellationToken.None)).State);
    }

    [Fact]
    public async Task A_frame_of_another_snapshot_with_the_same_key_is_tampering()
    {
        byte[] whole = _folder.Bytes;
        _folder.Write(Enumerable.Range(0, 5).Select(i => ($"a/{i}", $$"""{"k":"canary-{{new string((char)('f' + i), 1000)}}"}""")), frameSize: 1000);
        byte[] other = _folder.Bytes;
        (int first, int second, _) = Frames(whole);
        other.AsSpan(first, second - first).CopyTo(whole.AsSpan(first));
        using SnapshotStore store = await _folder.OpenAsync(whole);
        var fault = await Assert.ThrowsAsync<BridgeException>(async () => await store.ReadAsync(SecretPath.Parse("a/0"), null, CancellationToken.None));
        Assert.Equal(FaultKind.SealedFileTampered, fault.Kind);
    }

    [SkippableFact]
    public async Task A_file_that_others_may_read_is_refused_with_the_command_that_mends_it()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no modes.");
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.Path));
            File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        }

        Assert.Equal(FaultKind.SealedFileExposed, await FaultAsync(_folder.File));
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_told()
    {
        File.Delete(_folder.Path);
        Assert.Equal(FaultKind.SealedFileFailed, await FaultAsync(_folder.File));
    }

    [Fact]
    public void A_file_that_is_there_stays_unless_it_may_be_replaced()
    {
        byte[] before = _folder.Bytes;
        var fault = Assert.Throws<BridgeException>(() => SnapshotWriter.Create(_folder.File));
        Assert.Equal(FaultKind.DestinationExists, fault.Kind);
        using (SnapshotWriter.Create(_folder.File with { Overwrite = true }))
        {
        }

        Assert.Equal(before, _folder.Bytes);
        Assert.Equal([_folder.Path], _folder.Files);
    }

    // Each secret has a frame of its own; the first begins behind the third line.
    private static (int First, int Second, int Third) Frames(byte[] file)
    {
        int head = 0;
        for (int line = 0; line < 3; line++)
        {
            head += file.AsSpan(head).IndexOf((byte)'\n') + 1;
        }

        int second = head + SnapshotFormat.FrameHead + BitConverter.ToInt32(file, head + 9);
        return (head, second, second + SnapshotFormat.FrameHead + BitConverter.ToInt32(file, second + 9));
    }

    private Task<FaultKind> FaultAsync(byte[] bytes)
    {
        _folder.Put(bytes);
        return FaultAsync(_folder.File);
    }

    private static async Task<FaultKind> FaultAsync(SnapshotFileOptions options) =>
        (await Assert.ThrowsAsync<BridgeException>(() => SnapshotStore.OpenAsync(options, CancellationToken.None))).Kind;
}
