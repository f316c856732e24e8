using System.Text;
using SecretBridge.Reporting;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Trees;

public class MapFileTests
{
    [Fact]
    public void A_json_file_keeps_the_order_of_its_rules_and_may_have_comments() =>
        Assert.Equal(
            [new("z/**", "y/**"), new("a", "b"), new("regex:^x$", "$0")],
            Read("map.json", """
                // where things go
                { "z/**": "y/**", /* one secret */ "a": "b", "regex:^x$": "$0", }
                """));

    [Theory]
    [InlineData("source,destination\napps/**,x/**\n", "apps/**", "x/**")]
    [InlineData("\uFEFFSource,Destination\r\napps/**,x/**\r\n\r\n", "apps/**", "x/**")]
    [InlineData("source,destination\n\"a,\"\"b\"\"\",c", "a,\"b\"", "c")]
    [InlineData("source,destination\n\"a\"\r\n,x\n", null, null)]
    public void A_file_of_comma_separated_values_is_read_with_its_quotes(string text, string? source, string? destination)
    {
        if (source is null)
        {
            Assert.Throws<BridgeException>(() => Read("map.csv", text));
            return;
        }

        Assert.Equal([new(source, destination!)], Read("map.csv", text));
    }

    [Theory]
    [InlineData("m.json", "{\n\"a\": 1 }", "line 2")]
    [InlineData("m.json", "[]", "line 1")]
    [InlineData("m.json", "{\n\n\"a\" \"b\" }", "line 3")]
    [InlineData("m.json", "", "line 1")]
    [InlineData("m.csv", "a/**,b/**\n", "line 1")]
    [InlineData("m.csv", "source,destination\na,b\nc\n", "line 3")]
    [InlineData("m.csv", "source,destination\n\"a,b\n", "line 2")]
    [InlineData("m.csv", "", "line 1")]
    public void A_file_that_is_something_else_is_refused_with_its_line(string name, string text, string line)
    {
        BridgeException exception = Assert.Throws<BridgeException>(() => Read(name, text));
        Assert.Equal(FaultKind.InvalidConfiguration, exception.Kind);
        Assert.Contains(line, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("m.csv", "source,destination\ncaf\u00e9/**,b\u00fcro/**\n", "line 2")]
    [InlineData("m.json", "{\n \"a\": \"b\",\n \"caf\u00e9\": \"b\u00fcro\" }", "line 3")]
    public void A_file_in_another_encoding_is_refused_rather_than_read_as_other_names(string name, string text, string line)
    {
        BridgeException exception = Assert.Throws<BridgeException>(() => MapFile.Read(Encoding.Latin1.GetBytes(text), name));
        Assert.Equal(FaultKind.InvalidConfiguration, exception.Kind);
        Assert.Contains(line, exception.Message, StringComparison.Ordinal);
        Assert.Contains("UTF-8", exception.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<MapRule> Read(string name, string text) => MapFile.Read(Encoding.UTF8.GetBytes(text), name);
}
