using System.Text;
using System.Text.Json;
using Xunit;

namespace SecretBridge.Contract.Tests;

/// <summary>The comparison must not pass everything.</summary>
public sealed class BodyPatternTests
{
    [Theory]
    [InlineData("""{"a":"1"}""", """{"a":"2"}""", "/a is")]
    [InlineData("""{"a":"1"}""", """{"a":1}""", "/a is Number")]
    [InlineData("""{"a":1}""", """{"a":1.0}""", "/a is 1.0")]
    [InlineData("""{"a":null}""", """{}""", "/a is missing")]
    [InlineData("""{}""", """{"b":1}""", "/b was not recorded")]
    [InlineData("""{"a":"<string>"}""", """{"a":""}""", "where <string>")]
    [InlineData("""{"a":"<time>"}""", """{"a":"soon"}""", "where <time>")]
    [InlineData("""{"errors":["one"]}""", """{"errors":["two"]}""", "/errors/0")]
    [InlineData("""["a"]""", """["a","b"]""", "2 items")]
    public void A_body_of_another_shape_or_value_is_a_difference(string recorded, string answered, string expected)
    {
        Assert.Contains(expected, Assert.Single(Compare(recorded, answered)), StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_differ_from_run_to_run_are_compared_by_kind()
    {
        string recorded = """{"id":"<string>","at":"<time>","n":<n>}""".Replace("<n>", "\"<number>\"", StringComparison.Ordinal);

        Assert.Empty(Compare(recorded, """{"id":"x","at":"2026-11-21T23:42:20.6Z","n":5}"""));
    }

    [Fact]
    public void An_empty_body_is_no_JSON_null()
    {
        Assert.Single(Compare("null", "null"));
        Assert.Empty(Compare("null", ""));
    }

    private static IReadOnlyList<string> Compare(string recorded, string answered)
    {
        byte[] body = answered.Length == 0 ? [] : Encoding.UTF8.GetBytes(answered + "\n");
        var answer = new Answer(200, new Dictionary<string, string> { ["Content-Type"] = "application/json" }, body);
        return BodyPattern.Differences(new ExchangeExpectation(200, JsonElement.Parse(recorded)), answer, text => text);
    }
}
