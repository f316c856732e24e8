using System.Text.RegularExpressions;
using Xunit;

namespace SecretBridge.Tests.Shape;

public partial class FloorTests
{
    /// <summary>What each feature of Core may see. Siblings on a floor do not see each other.</summary>
    private static readonly Dictionary<string, string[]> Sees = new()
    {
        ["Reporting"] = [],
        ["Wire"] = ["Reporting"],
        ["Stores"] = ["Reporting", "Wire"],
        ["References"] = ["Reporting", "Stores"],
        ["Profiles"] = ["Reporting", "Stores"],
        ["Trees"] = ["Reporting", "Stores"],
        ["Health"] = ["Reporting", "Wire", "Stores"],
        ["Secrets"] = ["Reporting", "Stores"],
        ["Configuration"] = ["Reporting", "Wire", "Stores"],
        ["Audit"] = ["Reporting", "Wire", "Stores"],
        ["Credentials"] = ["Reporting", "Stores", "Secrets"],
        ["Faults"] = ["Reporting", "Wire", "Stores", "Profiles", "Trees", "Health", "Secrets", "References", "Configuration", "Audit", "Credentials"],
    };

    public static TheoryData<string> Features => [.. Directory.GetDirectories(Core).Select(folder => Path.GetFileName(folder)!).Where(name => name is not ("bin" or "obj"))];

    private static string Core => Path.Combine(Repository.Root, "src/SecretBridge.Core");

    [Theory]
    [MemberData(nameof(Features))]
    public void A_feature_sees_only_the_floors_below(string feature)
    {
        Assert.True(Sees.ContainsKey(feature), $"{feature} has no floor: say in this test where it stands.");
        foreach (string file in Directory.GetFiles(Path.Combine(Core, feature), "*.cs", SearchOption.AllDirectories))
        {
            IEnumerable<string> seen = Namespace().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value).Distinct().Where(Sees.ContainsKey);
            Assert.All(seen, other => Assert.True(other == feature || Sees[feature].Contains(other), $"{Path.GetFileName(file)} sees {other}."));
        }
    }

    [Fact]
    public void Core_knows_neither_PowerShell_nor_a_console() =>
        Assert.All(Directory.GetFiles(Core, "*.cs", SearchOption.AllDirectories), file =>
            Assert.DoesNotMatch(@"\bConsole\.|System\.Management\.Automation", File.ReadAllText(file)));

    // Both a using directive and a name that is written out.
    [GeneratedRegex(@"(?<![\w.])SecretBridge\.(\w+)|(?<=namespace )SecretBridge\.(\w+)")]
    private static partial Regex Namespace();
}
