using System.Text;
using SecretBridge.Reporting;
using SecretBridge.Wire;
using Xunit;

namespace SecretBridge.Tests.Wire;

public class VaultRequestTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("with space", "with%20space")]
    [InlineData("trailing ", "trailing%20")]
    [InlineData("100%", "100%25")]
    [InlineData("%2f", "%252f")]
    [InlineData("a+b", "a%2Bb")]
    [InlineData("a#b?c;d:e", "a%23b%3Fc%3Bd%3Ae")]
    [InlineData("back\\slash", "back%5Cslash")]
    [InlineData("a..b", "a..b")]
    [InlineData("é", "%C3%A9")]
    [InlineData("e\u0301", "e%CC%81")]
    [InlineData("a/b c", "a/b%20c")]
    public void A_name_travels_escaped_and_uncanonicalised(string path, string escaped)
    {
        Uri uri = KvRequests.ReadV2("kv", path, null).UriBelow("https://vault.example:8200/base");
        Assert.Equal($"/base/v1/kv/data/{escaped}", uri.PathAndQuery);
    }

    [Theory]
    [InlineData("a/../b")]
    [InlineData("a/./b")]
    [InlineData("..")]
    [InlineData("a//b")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("tab\t")]
    [InlineData("no\u00a0break")]
    [InlineData("zero\u200bwidth")]
    public void A_name_that_would_reach_elsewhere_is_refused_before_a_URL_is_made(string path)
    {
        BridgeException exception = Assert.Throws<BridgeException>(() => KvRequests.ReadV1("kv", path).UriBelow("https://vault.example"));
        Assert.Equal(FaultKind.InvalidPath, exception.Kind);
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_refused() =>
        Assert.Throws<BridgeException>(() => KvRequests.ReadV1("kv", "half\ud800").UriBelow("https://vault.example"));

    [Fact]
    public void A_list_is_sent_as_GET_and_shown_as_LIST()
    {
        VaultRequest list = KvRequests.ListV2("kv", "a/b", "100", "x&y");
        Assert.Equal(HttpMethod.Get, list.Method);
        Assert.Equal("/v1/kv/metadata/a/b/?list=true&limit=100&after=x%26y", list.UriBelow("http://h").PathAndQuery);
        Assert.Equal("LIST kv/metadata/a/b", list.ToString());
        Assert.Equal("/v1/kv/metadata/?list=true", KvRequests.ListV2("kv", "", null, null).UriBelow("http://h").PathAndQuery);
        Assert.Equal("SCAN", KvRequests.ScanV2("kv", "").Verb);
    }

    [Fact]
    public void A_write_carries_the_payloads_own_bytes()
    {
        byte[] payload = Encoding.UTF8.GetBytes("""{"n":1.50e2,"z":{ "a" : 12345678901234567890 }}""");
        Assert.Equal("""{"data":{"n":1.50e2,"z":{ "a" : 12345678901234567890 }},"options":{"cas":7}}""", Text(KvRequests.WriteV2("kv", "a", payload, 7)));
        Assert.Equal("""{"data":{"n":1.50e2,"z":{ "a" : 12345678901234567890 }}}""", Text(KvRequests.WriteV2("kv", "a", payload, null)));
    }

    [Fact]
    public void A_request_as_text_holds_no_secret()
    {
        VaultRequest login = TokenRequests.AppRoleLogin("approle", "role", new SecretText("canary"), null);
        VaultRequest unwrap = TokenRequests.Unwrap(new SecretText("canary"), null);
        Assert.DoesNotContain("canary", $"{login}{unwrap}{unwrap.Token}", StringComparison.Ordinal);
    }

    [Fact]
    public void The_wrapping_token_goes_into_the_body_or_the_header_and_never_both()
    {
        var token = new SecretText("w");
        Assert.Equal("""{"token":"w"}""", Text(TokenRequests.WrappingLookup(token, null)));
        Assert.Null(TokenRequests.WrappingLookup(token, null).Token);
        Assert.Equal("{}", Text(TokenRequests.Unwrap(token, null)));
    }

    [Theory]
    [InlineData("https://vault.example:8200/", "https://vault.example:8200")]
    [InlineData("https://vault.example:8200/v1/", "https://vault.example:8200")]
    [InlineData("https://gw.example/vault/", "https://gw.example/vault")]
    [InlineData(" http://127.0.0.1:8200 ", "http://127.0.0.1:8200")]
    public void An_address_is_brought_into_one_form(string text, string address) => Assert.Equal(address, VaultAddress.Parse(text).Text);

    [Fact]
    public void A_socket_address_names_its_file() => Assert.Equal("/run/v.sock", VaultAddress.Parse("unix:///run/v.sock").SocketPath);

    [Theory]
    [InlineData("vault.example:8200")]
    [InlineData("ftp://x")]
    [InlineData("https://user:canary@vault.example")]
    [InlineData("https://vault.example/?token=canary")]
    [InlineData("")]
    public void What_is_no_address_is_refused_without_being_repeated(string text)
    {
        BridgeException exception = Assert.Throws<BridgeException>(() => VaultAddress.Parse(text));
        Assert.Equal(FaultKind.InvalidArgument, exception.Kind);
        Assert.DoesNotContain("canary", exception.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0s", 0)]
    [InlineData("3h25m19s", 12319)]
    [InlineData("90", 90)]
    [InlineData("1.5s", 1.5)]
    [InlineData("250ms", 0.25)]
    public void Go_durations_are_read(string text, double seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), GoDuration.Parse(text));

    [Theory]
    [InlineData("x")]
    [InlineData("3")]
    public void Text_that_is_no_duration_is_none(string text) => Assert.Equal(text == "3" ? TimeSpan.FromSeconds(3) : null, GoDuration.Parse(text));

    [Theory]
    [InlineData("""{"version":"1.8.0-dev"}""", "Vault")]
    [InlineData("""{"version":"1.17.2+ent"}""", "Vault")]
    [InlineData("""{"version":"2.0.1","enterprise":false}""", "Vault")]
    [InlineData("""{"version":"2.5.1"}""", "OpenBao")]
    [InlineData("""{"sealed":true}""", null)]
    public void The_product_is_told_by_what_its_health_says(string health, string? product) =>
        Assert.Equal(product, ServerInfo.FromHealth(JsonFields.Of(Encoding.UTF8.GetBytes(health))).Product);

    private static string Text(VaultRequest request) => Encoding.UTF8.GetString(request.Body.Span);
}
