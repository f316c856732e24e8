using SecretBridge.Stores;
using SecretBridge.Stores.Snapshots;
using Xunit;

namespace SecretBridge.Tests.Stores;

/// <summary>What a killed run leaves beside its file is swept by the next one, and nothing else is.</summary>
public sealed class StaleFileTests : IDisposable
{
    private static readonly TimeSpan Old = TimeSpan.FromMinutes(61);
    private readonly string _folder = Directory.CreateTempSubdirectory("sb-stale-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_next_export_sweeps_what_a_killed_one_has_left_and_only_that()
    {
        string dead = Put(".tree.sbs.0123456789abcdef.tmp", Old);
        string[] others =
        [
            Put(".tree.sbs.fedcba9876543210.tmp", TimeSpan.FromMinutes(59)),
            Put(".tree.sbs.0123456789ABCDEF.tmp", Old),
            Put(".tree.sbs.0123456789abcde.tmp", Old),
            Put(".other.sbs.0123456789abcdef.tmp", Old),
            Put("tree.sbs.0123456789abcdef.tmp", Old),
        ];
        string held = Put(".tree.sbs.00000000000000aa.tmp", Old);
        using var holder = new FileStream(held, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        File.SetLastWriteTimeUtc(holder.SafeFileHandle, Time(Old));
        using (SnapshotFile.Create(Path.Combine(_folder, "tree.sbs"), overwrite: false))
        {
            Assert.False(File.Exists(dead));
            Assert.All(others.Append(held), file => Assert.True(File.Exists(file), file));
        }
    }

    [Fact]
    public void The_next_update_of_references_sweeps_what_a_killed_one_has_left()
    {
        string path = Put("app.env", TimeSpan.Zero);
        string dead = Put(".app.env.0123456789abcdef0123456789abcdef.tmp", Old);
        string young = Put(".app.env.fedcba9876543210fedcba9876543210.tmp", TimeSpan.FromMinutes(1));
        FileReplacement.Replace(path, "x"u8.ToArray(), "y"u8.ToArray(), backup: false);
        Assert.False(File.Exists(dead));
        Assert.Equal([young, path], Directory.GetFiles(_folder).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_link_is_left_and_so_is_what_it_leads_to()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string path = Put("app.env", TimeSpan.Zero);
        string precious = Put("precious", Old);
        string link = Path.Combine(_folder, ".app.env.0123456789abcdef0123456789abcdef.tmp");
        File.CreateSymbolicLink(link, precious);
        FileReplacement.Replace(path, "x"u8.ToArray(), "y"u8.ToArray(), backup: false);
        Assert.Equal("x", File.ReadAllText(precious));
        Assert.NotNull(new FileInfo(link).LinkTarget);
    }

    private DateTime Time(TimeSpan age)
    {
        string now = Path.Combine(_folder, "now");
        File.WriteAllText(now, "");
        DateTime time = File.GetLastWriteTimeUtc(now);
        File.Delete(now);
        return time - age;
    }

    private string Put(string name, TimeSpan age)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, "x");
        File.SetLastWriteTimeUtc(path, Time(age));
        return path;
    }
}
