using System.Management.Automation;
using SecretBridge.Faults;
using SecretBridge.Reporting;
using Xunit;

namespace SecretBridge.Tests.Shape;

public class FaultCatalogTests
{
    [Fact]
    public void Every_kind_has_an_entry_with_an_id_of_its_own_and_a_next_step()
    {
        Assert.Equal(Enum.GetValues<FaultKind>(), FaultCatalog.All.Select(entry => entry.Kind));
        Assert.Equal(FaultCatalog.All.Count, FaultCatalog.All.Select(entry => entry.Id).Distinct().Count());
        Assert.All(FaultCatalog.All, entry => Assert.EndsWith(".", entry.Advice, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_category_is_one_of_PowerShell() =>
        Assert.All(Enum.GetNames<FaultCategory>(), name => Assert.Contains(name, typeof(ErrorCategory).GetFields().Select(field => field.Name)));

    [Fact]
    public void The_list_of_faults_tells_every_one_in_order()
    {
        string[] lines = Repository.Read("docs/faults.md").Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToArray();
        Assert.Equal(FaultCatalog.All.Count, lines.Length);
        Assert.All(FaultCatalog.All.Zip(lines), pair =>
        {
            Assert.StartsWith($"| `{pair.First.Id}` |", pair.Second, StringComparison.Ordinal);
            Assert.EndsWith($"| {pair.First.Category} | {pair.First.Advice} |", pair.Second, StringComparison.Ordinal);
        });
    }
}
