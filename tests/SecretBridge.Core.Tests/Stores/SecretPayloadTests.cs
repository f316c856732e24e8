using System.Globalization;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using Xunit;

namespace SecretBridge.Tests.Stores;

public class SecretPayloadTests
{
    [Theory]
    [InlineData("""{"a":1,"b":[1,{"c":null}]}""", """{"b":[1,{"c":null}],"a":1}""", true)]
    [InlineData("""{"a":1}""", """{"a":1.0}""", true)]
    [InlineData("""{"a":100}""", """{"a":1e2}""", true)]
    [InlineData("""{"a":0.1}""", """{"a":10e-2}""", true)]
    [InlineData("""{"a":-0}""", """{"a":0.0}""", true)]
    [InlineData("""{"a":12345678901234567890}""", """{"a":12345678901234567000}""", false)]
    [InlineData("""{"a":null}""", """{}""", false)]
    [InlineData("""{"a":"1"}""", """{"a":1}""", false)]
    [InlineData("""{"a":true}""", """{"a":"true"}""", false)]
    [InlineData("""{"a":[1,2]}""", """{"a":[2,1]}""", false)]
    [InlineData("""{"a":{"x":1}}""", """{"a":{"x":1,"y":2}}""", false)]
    [InlineData("""{"A":1}""", """{"a":1}""", false)]
    [InlineData("""{"a":"\u003ctag\u003e \ud83d\ude00"}""", """{"a":"<tag> 😀"}""", true)]
    [InlineData("""{"\u0061":1}""", """{"a":1}""", true)]
    [InlineData("""{"a":1e999999999999}""", """{"a":1e999999999998}""", false)]
    public void Payloads_are_equal_by_meaning(string left, string right, bool equal) =>
        Assert.Equal(equal, JsonText.Payload(left).Compare(JsonText.Payload(right), throughDouble: false).AreEqual);

    [Fact]
    public void Numbers_of_equal_nearest_doubles_are_equal_where_a_server_reads_doubles_and_it_is_said()
    {
        SecretPayload exact = JsonText.Payload("""{"a":12345678901234567890}""");
        SecretPayload read = JsonText.Payload("""{"a":12345678901234567000}""");
        PayloadComparison comparison = exact.Compare(read, throughDouble: true);
        Assert.True(comparison.AreEqual);
        Assert.True(comparison.NumberPrecision);
    }

    [Fact]
    public void A_difference_names_keys_and_their_kind_of_difference()
    {
        PayloadComparison comparison = JsonText.Payload("""{"same":1,"gone":1,"other":"x","Zed":1}""")
            .Compare(JsonText.Payload("""{"same":1,"new":1,"other":"y","zed":1}"""), throughDouble: false);
        Assert.Equal(["new", "zed"], comparison.AddedKey);
        Assert.Equal(["Zed", "gone"], comparison.RemovedKey);
        Assert.Equal(["other"], comparison.ChangedKey);
    }

    [Fact]
    public void Equality_agrees_with_an_independent_oracle_on_random_payloads()
    {
        var random = new Random(20260101);
        for (int i = 0; i < 2000; i++)
        {
            JObject left = RandomObject(random, 3);
            JObject right = random.Next(2) == 0 ? Shuffled(left, random) : RandomObject(random, 3);
            bool expected = JToken.DeepEquals(Canonical(left), Canonical(right));
            bool actual = JsonText.Payload(left.ToString(Formatting.Indented))
                .Compare(JsonText.Payload(right.ToString(Formatting.None)), throughDouble: false).AreEqual;
            Assert.True(expected == actual, $"seed item {i}");
        }
    }

    [Theory]
    [InlineData("[1]", "not a JSON object")]
    [InlineData("\"text\"", "not a JSON object")]
    [InlineData("{\"a\":", "not JSON")]
    [InlineData("{\"a\":1} x", "not JSON")]
    [InlineData("{\"a\":1,\"a\":2}", "the key 'a' stands in it twice")]
    [InlineData("{\"a\":{\"b\":1,\"b\":2}}", "the key 'b' stands in it twice")]
    [InlineData("{\"a\":\"canary-4711 \\ud800\"}", "half of a surrogate pair")]
    [InlineData("{\"\\udc00\":1}", "half of a surrogate pair")]
    public void What_would_not_survive_a_server_is_refused_without_telling_the_value(string json, string reason)
    {
        var exception = Assert.Throws<BridgeException>(() => JsonText.Payload(json));
        Assert.Equal(FaultKind.InvalidPayload, exception.Kind);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Number_spelling_key_order_and_nesting_are_kept()
    {
        const string Json = """{"z":1.0,"a":[1e2,{"n":12345678901234567890}],"m":null}""";
        Assert.Equal(Json, JsonText.Payload(Json).Text());
        Assert.Equal(["z", "a", "m"], JsonText.Payload(Json).Keys);
    }

    [Fact]
    public void A_byte_order_mark_is_dropped() =>
        Assert.Equal("{}", SecretPayload.Parse([0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}'], "test").Text());

    [Fact]
    public void A_merge_lays_keys_over_and_keeps_the_rest()
    {
        SecretPayload merged = JsonText.Payload("""{"a":1,"b":1.0}""").Merge(JsonText.Payload("""{"a":null,"c":[2]}"""));
        Assert.Equal("""{"a":null,"b":1.0,"c":[2]}""", merged.Text());
    }

    [Theory]
    [InlineData("9007199254740992", false)]
    [InlineData("9007199254740993", true)]
    [InlineData("1.0", false)]
    [InlineData("0.1", false)]
    [InlineData("0.12345678901234567890123", true)]
    [InlineData("1e400", true)]
    public void A_number_that_a_double_would_change_is_noticed(string number, bool changed) =>
        Assert.Equal(changed, JsonText.Payload($$"""{"a":[{"n":{{number}}}]}""").HasNumberPastDouble());

    [Fact]
    public void Strings_are_counted_as_servers_count_them() =>
        Assert.Equal(5, JsonText.Payload("""{"a":"x","b":["y",{"c":1}]}""").CountStrings());

    [Fact]
    public void Nothing_that_shows_a_payload_or_value_shows_its_content()
    {
        SecretPayload payload = JsonText.Payload("""{"password":"canary-4711"}""");
        SealedValue value = payload.GetValue("password")!;
        string[] shown =
        [
            payload.ToString(), value.ToString(), $"{value}",
            System.Text.Json.JsonSerializer.Serialize(value), System.Text.Json.JsonSerializer.Serialize(payload),
            System.Text.Json.JsonSerializer.Serialize(payload.ToDictionary()),
            JsonConvert.SerializeObject(payload), JsonConvert.SerializeObject(value), JsonConvert.SerializeObject(payload.ToDictionary()),
        ];
        Assert.All(shown, text => Assert.DoesNotContain("canary", text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_sealed_value_opens_only_by_its_doors()
    {
        SecretPayload payload = JsonText.Payload("""{"s":"a\"<ä","n":1.50,"o":{"x":[true,null]},"z":null}""");
        Assert.Equal("a\"<ä", payload.GetValue("s")!.Reveal());
        Assert.Equal("1.50", payload.GetValue("n")!.Reveal());
        Assert.Equal("""{"x":[true,null]}""", payload.GetValue("o")!.Reveal());
        Assert.Null(payload.GetValue("z")!.Reveal());
        Assert.Null(payload.GetValue("S"));
        Assert.Equal("a\"<ä", new System.Net.NetworkCredential("", payload.GetValue("s")!.ToSecureString()).Password);
        Assert.True(payload.GetValue("s")!.FixedTimeEquals(SealedValue.FromText("a\"<ä")));
        Assert.False(payload.GetValue("s")!.FixedTimeEquals(SealedValue.FromText("a")));
    }

    [Theory]
    [InlineData("1", 1L)]
    [InlineData("1.5", 1.5)]
    [InlineData("true", true)]
    [InlineData("null", null)]
    [InlineData("\"x\"", "x")]
    [InlineData("1234567890123456789012345678901234567890", "1234567890123456789012345678901234567890")]
    public void A_revealed_object_keeps_every_digit(string json, object? expected)
    {
        object? actual = JsonText.Payload($$"""{"v":{{json}}}""").GetValue("v")!.RevealObject();
        Assert.Equal(expected is double d ? (decimal)d : expected, actual);
    }

    [Fact]
    public void Plain_objects_become_JSON_and_back()
    {
        var value = SealedValue.FromObject(new Dictionary<string, object?>
        {
            ["n"] = 12.50m,
            ["l"] = new object?[] { 1, "x", null },
            ["s"] = SealedValue.FromText("y"),
        });
        Assert.Equal("""{"n":12.50,"l":[1,"x",null],"s":"y"}""", value.Reveal());
        var exception = Assert.Throws<BridgeException>(() => SealedValue.FromObject(new StringBuilder("canary-4711")));
        Assert.DoesNotContain("canary", exception.ToString(), StringComparison.Ordinal);
    }

    private static JObject RandomObject(Random random, int depth)
    {
        var result = new JObject();
        for (int i = random.Next(4); i >= 0; i--)
        {
            result[((char)('a' + random.Next(5))).ToString()] = RandomToken(random, depth);
        }

        return result;
    }

    private static JToken RandomToken(Random random, int depth) => random.Next(depth > 0 ? 7 : 5) switch
    {
        0 => JValue.CreateNull(),
        1 => random.Next(2) == 0,
        2 => random.Next(3),
        3 => random.Next(30) / 10m,
        4 => new[] { "x", "<é>", "😀\n" }[random.Next(3)],
        5 => new JArray(Enumerable.Range(0, random.Next(3)).Select(_ => RandomToken(random, depth - 1))),
        _ => RandomObject(random, depth - 1),
    };

    private static JObject Shuffled(JObject source, Random random) => new(source.Properties()
        .OrderBy(_ => random.Next())
        .Select(property => new JProperty(property.Name, property.Value is JObject inner ? Shuffled(inner, random) : property.Value.DeepClone())));

    // Newtonsoft tells 1 from 1.0; equality by decimal value does not.
    private static JToken Canonical(JToken token) => token switch
    {
        JObject map => new JObject(map.Properties().OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => new JProperty(p.Name, Canonical(p.Value)))),
        JArray list => new JArray(list.Select(Canonical)),
        { Type: JTokenType.Integer or JTokenType.Float } => "number:" + token.Value<decimal>().ToString("0.###", CultureInfo.InvariantCulture),
        _ => token,
    };
}
