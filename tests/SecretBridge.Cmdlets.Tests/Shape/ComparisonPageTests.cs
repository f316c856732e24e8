using System.Text.RegularExpressions;
using Xunit;

namespace SecretBridge.Tests.Shape;

/// <summary>A page that names tests is worth something only while there are such tests.</summary>
public partial class ComparisonPageTests
{
    [Fact]
    public void Every_test_that_the_comparison_names_is_there()
    {
        string[] tests = Directory.GetFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories);
        MatchCollection named = Named().Matches(Repository.Read("docs/comparison.md"));
        Assert.NotEmpty(named);
        Assert.All(named, one => Assert.Contains(tests, file =>
            Path.GetFileName(file).Split('.')[0] == one.Groups["class"].Value
            && File.ReadAllText(file).Contains($" {one.Groups["method"].Value}(", StringComparison.Ordinal)));
    }

    [GeneratedRegex(@"`(?<class>\w+Tests)\.(?<method>\w+)`", RegexOptions.CultureInvariant)]
    private static partial Regex Named();
}
