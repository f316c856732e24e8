using System.Diagnostics;
using System.IO.Pipes;
using System.Runtime.Versioning;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Stores.Sealed;
using Xunit;

namespace SecretBridge.Tests.Stores.Sealed;

public sealed class SealedFileSaveTests : IDisposable
{
    private readonly SealedFolder _folder = new();

    public static TheoryData<string> Steps => [.. Enum.GetNames<SaveStep>()];

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [MemberData(nameof(Steps))]
    public async Task A_process_killed_at_any_step_leaves_the_old_file_or_the_new_one_whole(string step)
    {
        await using (await _folder.FillAsync(20))
        {
        }

        byte[] old = _folder.Bytes;
        using (Process child = SealedChild.Start(_folder, "die", step))
        {
            await child.WaitForExitAsync();
            Assert.NotEqual(0, child.ExitCode);
            Assert.True(OperatingSystem.IsWindows() || child.ExitCode == 128 + 9, await child.StandardError.ReadToEndAsync());
        }

        bool isSaved = Enum.Parse<SaveStep>(step) > SaveStep.Rename;
        Assert.Equal(isSaved, !old.AsSpan().SequenceEqual(_folder.Bytes));
        await using SealedFileStore store = await _folder.OpenAsync();
        Assert.Equal(20, store.Describe().Count);
        Assert.Equal(isSaved ? """{"k":"new"}""" : """{"k":"canary-0"}""", await store.TextAsync("a/0"));

        // The lock died with its holder, and what it left behind goes with the next save.
        await store.PutAsync("a/1", """{"k":"next"}""");
        Assert.Empty(_folder.Others);
    }

    [Fact]
    public async Task Two_processes_and_this_one_writing_at_once_lose_nothing()
    {
        const int Writes = 25;
        await using SealedFileStore store = await _folder.OpenAsync();
        await store.PutAsync("count", """{"n":0}""");
        using Process one = SealedChild.Start(_folder, "write", "one", "25");
        using Process two = SealedChild.Start(_folder, "write", "two", "25");
        Task[] here = Enumerable.Range(0, Writes).Select(i => store.PutAsync($"here/{i}", "{}", 0) as Task).ToArray();
        await Task.WhenAll(here.Append(one.WaitForExitAsync()).Append(two.WaitForExitAsync()));
        Assert.Equal((0, 0), (one.ExitCode, two.ExitCode));
        Assert.Equal($$"""{"n":{{2 * Writes}}}""", await store.TextAsync("count"));
        Assert.Equal((3 * Writes) + 1, store.Describe().Count);
        Assert.Equal(1 + (2 * Writes), (await store.ReadAsync(SecretPath.Parse("count"), null, CancellationToken.None)).Version);
    }

    [Theory]
    [InlineData(28, "no space")]
    [InlineData(30, "read-only")]
    [InlineData(5, "canary-free")]
    public async Task A_failure_at_any_step_fails_exactly_its_group_and_leaves_the_file_whole(int errno, string message)
    {
        foreach (SaveStep step in Enum.GetValues<SaveStep>().Where(step => step != SaveStep.Unlock))
        {
            SaveStep? failing = null;
            await using SealedFileStore store = await _folder.FillAsync(
                2, options => options with { BeforeStep = at => Fail(at == failing, errno) });
            byte[] old = _folder.Bytes;
            failing = step;
            Task<WriteReceipt>[] group = [store.PutAsync("a/0", """{"k":"new"}"""), store.PutAsync("b", """{"k":"new"}""")];
            BridgeException[] faults = await Task.WhenAll(group.Select(write => Assert.ThrowsAsync<BridgeException>(() => write)));
            bool isSaved = step == SaveStep.FlushFolder;
            Assert.All(faults, fault => Assert.Equal(isSaved ? FaultKind.OutcomeUnknown : FaultKind.SealedFileFailed, fault.Kind));
            Assert.All(faults, fault => Assert.Contains(isSaved ? "loss of power" : message, fault.Message, StringComparison.Ordinal));
            Assert.Equal(isSaved, !old.AsSpan().SequenceEqual(_folder.Bytes));
            Assert.Empty(_folder.Others);

            failing = null;
            await store.PutAsync("a/0", """{"k":"after"}""");
            Assert.Equal("""{"k":"after"}""", await store.TextAsync("a/0"));
            File.Delete(_folder.Path);
        }
    }

    [Fact]
    public async Task A_save_without_the_lock_in_between_is_not_lost()
    {
        // As on a file system whose locks hold nobody off.
        SealedFileStore? other = null;
        await using SealedFileStore store = await _folder.FillAsync(1, options => options with
        {
            BeforeStep = step =>
            {
                if (step == SaveStep.Flush && Interlocked.Exchange(ref other, null) is { } now)
                {
                    File.Delete(_folder.Path + ".lock");
                    now.PutAsync("theirs", "{}").GetAwaiter().GetResult();
                }
            },
        });
        await using SealedFileStore theirs = await _folder.OpenAsync();
        other = theirs;
        await store.PutAsync("ours", "{}");
        Assert.Equal(("{}", "{}", 3), (await store.TextAsync("theirs"), await store.TextAsync("ours"), store.Describe().Count));
    }

    [SkippableFact]
    public async Task A_link_stays_a_link_and_its_target_is_saved_and_locked()
    {
        Skip.If(OperatingSystem.IsWindows(), "Making a link needs a right of its own there.");
        await using (await _folder.FillAsync(1))
        {
        }

        using var elsewhere = new SealedFolder();
        File.CreateSymbolicLink(elsewhere.Path, _folder.Path);
        await using SealedFileStore linked = await _folder.OpenAsync(options => options with { Path = elsewhere.Path });
        await linked.PutAsync("a/0", """{"k":"new"}""");
        Assert.NotNull(new FileInfo(elsewhere.Path).LinkTarget);
        Assert.Empty(elsewhere.Others);
        Assert.False(File.Exists(elsewhere.Path + ".lock"));
        Assert.Equal(_folder.Path, linked.Path);
    }

    [SkippableFact]
    public async Task Only_the_owner_may_ever_read_what_is_written()
    {
        Skip.If(OperatingSystem.IsWindows(), "Modes are Unix'.");
        var modes = new List<UnixFileMode>();
        string deep = Path.Combine(Path.GetDirectoryName(_folder.Path)!, "new", "folder", "x.sealed");
        await using SealedFileStore store = await _folder.OpenAsync(options => options with
        {
            Path = deep,
            BeforeStep = step => modes.AddRange(step == SaveStep.Rename ? Directory.GetFiles(Path.GetDirectoryName(deep)!).Select(Mode) : []),
        });
        await store.PutAsync("a", "{}");
        Assert.All(modes.Append(Mode(deep)).Append(Mode(deep + ".lock")), mode => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode));
        Assert.Equal(5, modes.Count);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, Mode(Path.GetDirectoryName(deep)!));
    }

    [SkippableFact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_file_key_or_folder_that_others_may_use_is_refused_with_the_command_that_mends_it()
    {
        Skip.If(OperatingSystem.IsWindows(), "Modes are Unix'.");
        await using SealedFileStore store = await _folder.FillAsync(1);
        string folder = Path.GetDirectoryName(_folder.Path)!;
        foreach ((string path, UnixFileMode wide, string fix) in new[]
        {
            (_folder.Path, UnixFileMode.UserRead | UnixFileMode.GroupRead, $"chmod 600 '{_folder.Path}'"),
            (_folder.KeyFile, UnixFileMode.UserRead | UnixFileMode.OtherRead, $"chmod 600 '{_folder.KeyFile}'"),
            (folder, Mode(folder) | UnixFileMode.GroupWrite, $"chmod go-w '{folder}'"),
        })
        {
            UnixFileMode before = Mode(path);
            File.SetUnixFileMode(path, wide);
            var exception = await Assert.ThrowsAsync<BridgeException>(() => _folder.OpenAsync());
            Assert.Equal(FaultKind.SealedFileExposed, exception.Kind);
            Assert.EndsWith(fix, exception.Message, StringComparison.Ordinal);
            Assert.Equal(wide, Mode(path));
            File.SetUnixFileMode(path, before);
        }

        // In a folder such as /tmp nobody can replace another's file.
        File.SetUnixFileMode(folder, Mode(folder) | UnixFileMode.OtherWrite | UnixFileMode.StickyBit);
        await using SealedFileStore sticky = await _folder.OpenAsync();
    }

    [Theory]
    [InlineData(31)]
    [InlineData(65537)]
    public async Task A_key_file_of_another_size_is_refused(int length)
    {
        File.WriteAllBytes(_folder.KeyFile, new byte[length]);
        Assert.Equal(FaultKind.InvalidArgument, (await Assert.ThrowsAsync<BridgeException>(() => _folder.OpenAsync())).Kind);
        Assert.False(File.Exists(_folder.Path));
    }

    [SkippableFact]
    public async Task A_pipe_in_the_place_of_a_file_is_refused_with_an_error_of_ours()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Only Linux shows pipes as files.");
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        string path = $"/proc/self/fd/{pipe.ClientSafePipeHandle.DangerousGetHandle()}";
        var refusal = await Assert.ThrowsAsync<BridgeException>(() => _folder.OpenAsync(options => options with { Credential = SealedFileCredential.FromKeyFile(path) }));
        Assert.Equal(FaultKind.InvalidArgument, refusal.Kind);
        refusal = await Assert.ThrowsAsync<BridgeException>(() => _folder.OpenAsync(options => options with { Path = path }));
        Assert.Contains(refusal.Kind, new[] { FaultKind.SealedFileFailed, FaultKind.SealedFileExposed });
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_made_only_where_that_is_asked_for()
    {
        var exception = await Assert.ThrowsAsync<BridgeException>(() => _folder.OpenAsync(options => options with { Create = false }));
        Assert.Equal(FaultKind.SealedFileFailed, exception.Kind);
        Assert.Contains("-Create", exception.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.Others);
    }

    private static UnixFileMode Mode(string path) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);

    private static void Fail(bool now, int errno)
    {
        if (now)
        {
            throw new IOException("canary-free text of the system", errno);
        }
    }
}
