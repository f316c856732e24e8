using SecretBridge.Reporting;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Trees;

public class VersionSelectionTests
{
    [Theory]
    [InlineData("Latest", "Latest", false, null)]
    [InlineData("all", "All", true, null)]
    [InlineData("7", "7", false, 7)]
    public void A_selection_is_read_from_text(string text, string shown, bool isAll, int? number)
    {
        var selection = VersionSelection.Parse(text);
        Assert.Equal((shown, isAll, number), (selection.ToString(), selection.IsAll, selection.Number));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("newest")]
    public void What_is_none_is_refused(string text) =>
        Assert.Equal(FaultKind.InvalidArgument, Assert.Throws<BridgeException>(() => VersionSelection.Parse(text)).Kind);
}
