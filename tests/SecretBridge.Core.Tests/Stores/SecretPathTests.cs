using SecretBridge.Reporting;
using SecretBridge.Stores;
using Xunit;

namespace SecretBridge.Tests.Stores;

public class SecretPathTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("apps/billing/db")]
    [InlineData("a..b")]
    [InlineData("name with space /trailing ")]
    [InlineData("100%/a+b/#/?/\\/[x]")]
    [InlineData("Ünïcödé/é/é")]
    [InlineData("emoji/😀")]
    public void Names_that_servers_keep_are_kept_to_the_letter(string text) => Assert.Equal(text, SecretPath.Parse(text).Value);

    [Theory]
    [InlineData("a//b")]
    [InlineData("/a")]
    [InlineData("/")]
    [InlineData("a/./b")]
    [InlineData("..")]
    [InlineData("a/../b")]
    [InlineData("nbsp\u00a0")]
    [InlineData("tab\t")]
    [InlineData("zero\u200bwidth")]
    [InlineData("line\u2028")]
    public void Names_that_servers_refuse_or_change_are_refused_before_any_request(string text)
    {
        var exception = Assert.Throws<BridgeException>(() => SecretPath.Parse(text));
        Assert.Equal(FaultKind.InvalidPath, exception.Kind);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused() =>
        Assert.Throws<BridgeException>(() => SecretPath.Parse("half" + '\ud800'));

    [Fact]
    public void One_trailing_slash_is_the_folders_mark() => Assert.Equal("a/b", SecretPath.Parse("a/b/").Value);

    [Fact]
    public void Case_and_Unicode_form_make_different_paths()
    {
        Assert.NotEqual(SecretPath.Parse("Foo"), SecretPath.Parse("foo"));
        Assert.NotEqual(SecretPath.Parse("\u00e9"), SecretPath.Parse("e\u0301"));
    }

    [Theory]
    [InlineData("kv", "kv", true)]
    [InlineData("kv/a", "kv", true)]
    [InlineData("kvstore/x", "kv", false)]
    [InlineData("kv", "kv/a", false)]
    public void A_path_lies_below_a_folder_by_whole_names(string path, string folder, bool below) =>
        Assert.Equal(below, SecretPath.Parse(path).IsAtOrBelow(SecretPath.Parse(folder)));

    [Fact]
    public void A_path_can_be_cut_and_put_together_again()
    {
        var path = SecretPath.Parse("apps/billing/db");
        Assert.Equal("billing/db", path.RelativeTo(SecretPath.Parse("apps")).Value);
        Assert.Equal(path, SecretPath.Parse("apps").Append("billing/db"));
        Assert.Equal("db", path.Name);
        Assert.Equal("apps/billing", path.Parent.Value);
        Assert.Equal(path, SecretPath.Root.Append(path));
        Assert.True(path.RelativeTo(path).IsRoot);
    }

    [Fact]
    public void Order_is_that_of_UTF8_bytes_as_servers_list()
    {
        string[] names = ["\uffee", "😀", "a/", "a-b", "a", "B", "\ue000"];
        Assert.Equal(["B", "a", "a-b", "a/", "\ue000", "\uffee", "😀"], names.Order(Utf8Order.Instance));
        Assert.Equal(
            names.OrderBy(name => Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(name)), StringComparer.Ordinal),
            names.Order(Utf8Order.Instance));
    }
}
