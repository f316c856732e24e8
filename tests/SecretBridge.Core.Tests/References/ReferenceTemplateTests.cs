using SecretBridge.References;
using SecretBridge.Reporting;
using Xunit;

namespace SecretBridge.Tests.References;

public class ReferenceTemplateTests
{
    private static readonly Dictionary<string, string> Values = new(StringComparer.OrdinalIgnoreCase)
    {
        ["mount"] = "team/kv",
        ["orgId"] = "7",
        ["kind"] = "d b",
        ["odd"] = "50%#x?y@z",
        ["slash"] = "a/b",
        ["up"] = "..",
        ["empty"] = "",
        ["key"] = "api#key",
    };

    [Theory]
    [InlineData("{mount}/data/{orgId}/{kind}", "vault://team/kv/data/7/d b")]
    [InlineData("{MOUNT}/data/agentidp/agents/{orgid}/credentials/{kind}", "vault://team/kv/data/agentidp/agents/7/credentials/d b")]
    [InlineData("vault://prod@{mount}/x-{orgId}-y?version=3#{key}", "vault://prod@team/kv/x-7-y?version=3#api%23key")]
    [InlineData("builtin://{orgId}", "builtin://7")]
    [InlineData("kv/{odd}", "vault://kv/50%25%23x%3Fy%40z")]
    [InlineData("kv/plain", "vault://kv/plain")]
    public void Placeholders_are_filled_one_name_each_and_escaped(string template, string uri) => Assert.Equal(uri, Fill(template).Uri);

    [Theory]
    [InlineData("kv/{nobody}", "{nobody}")]
    [InlineData("kv/{empty}", "{empty}")]
    [InlineData("kv/{slash}", "another place")]
    public void A_value_that_is_missing_or_would_lead_elsewhere_is_refused(string template, string says)
    {
        BridgeException exception = Assert.Throws<BridgeException>(() => Fill(template));
        Assert.Equal((FaultKind.InvalidArgument, template), (exception.Kind, exception.Target));
        Assert.Contains(says, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_climbs_makes_no_reference() =>
        Assert.Equal(FaultKind.InvalidPath, Assert.Throws<BridgeException>(() => SecretBridge.Stores.SecretReference.Parse(Fill("kv/{up}/x").Uri)).Kind);

    [Theory]
    [InlineData("")]
    [InlineData("kv/{a")]
    [InlineData("kv/a}")]
    [InlineData("kv/{}")]
    [InlineData("kv/{a b}")]
    public void What_is_no_template_is_refused(string template) =>
        Assert.Equal(FaultKind.InvalidArgument, Assert.Throws<BridgeException>(() => ReferenceTemplate.Parse(template)).Kind);

    private static ResolveItem Fill(string template) => ReferenceTemplate.Parse(template).Fill(name => Values.GetValueOrDefault(name));
}
