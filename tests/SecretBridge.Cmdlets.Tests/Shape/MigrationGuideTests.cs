using System.Reflection;
using System.Text.RegularExpressions;
using SecretBridge.Stores;
using Xunit;

namespace SecretBridge.Tests.Shape;

/// <summary>What Get-VaultMount says of an engine is what the guide says of it.</summary>
public partial class MigrationGuideTests
{
    [Fact]
    public void The_guide_and_the_code_know_the_same_engines_and_the_same_paths()
    {
        var told = Row().Matches(Repository.Read("docs/migration-guide.md").Split("## Other engines")[1])
            .SelectMany(row => row.Groups[1].Value.Split(", ").Select(type => (Type: type, Path: row.Groups[2].Value)))
            .ToDictionary(row => row.Type, row => Enum.Parse<MigrationPath>(row.Path, ignoreCase: true));
        Assert.NotEmpty(told);
        object known = typeof(VaultMount).Assembly.GetType("SecretBridge.Stores.MigrationPaths")!
            .GetProperty("Known", BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!;
        Assert.Equal(told.OrderBy(row => row.Key, StringComparer.Ordinal), ((IReadOnlyDictionary<string, MigrationPath>)known).OrderBy(row => row.Key, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("kv", MigrationPath.Copy)]
    [InlineData("pki", MigrationPath.Recreate)]
    [InlineData("transit", MigrationPath.Keep)]
    [InlineData("ns_cubbyhole", MigrationPath.None)]
    [InlineData("my-plugin", MigrationPath.Unknown)]
    public void A_mount_tells_the_path_of_its_type(string type, MigrationPath path)
    {
        var mount = new VaultMount { Uri = "vault://x", Mount = "x", Type = type };
        Assert.Equal(path, mount.MigrationPath);
        Assert.EndsWith(".", mount.MigrationNote, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^\| ([a-z][\w, ]*) \| (copy|recreate|keep|none) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
