using System.Globalization;
using System.Text;
using SecretBridge.DevVault;
using Xunit;

namespace SecretBridge.Contract.Tests;

public sealed class KvTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private DevVaultServer _bao = null!;
    private DevVaultServer _vault = null!;
    private TestClient _onBao = null!;
    private TestClient _onVault = null!;

    public async Task InitializeAsync()
    {
        _bao = await DevVaultServer.StartAsync(new DevVaultOptions { Time = _time });
        _vault = await DevVaultServer.StartAsync(new DevVaultOptions { Time = _time, Flavour = VaultFlavour.Vault });
        _onBao = new TestClient(_bao);
        _onVault = new TestClient(_vault);
    }

    public async Task DisposeAsync()
    {
        _onBao.Dispose();
        _onVault.Dispose();
        await _bao.DisposeAsync();
        await _vault.DisposeAsync();
    }

    [Fact]
    public async Task A_body_far_over_the_limit_is_answered_while_its_client_still_writes()
    {
        string body = """{"data":{"a":"#"}}""".Replace("#", new string('x', 80 << 20), StringComparison.Ordinal);
        Assert.Equal(413, (await _onVault.PostAsync("/v1/secret/data/huge", body)).Status);
        Assert.Equal(413, (await _onBao.PostAsync("/v1/secret/data/huge", body)).Status);
    }

    [Theory]
    [InlineData("1.0", "1")]
    [InlineData("1e2", "100")]
    [InlineData("12345678901234567890", "12345678901234567000")]
    [InlineData("0.000001", "0.000001")]
    [InlineData("0.0000001", "1e-7")]
    [InlineData("1.25e-10", "1.25e-10")]
    [InlineData("1e20", "100000000000000000000")]
    [InlineData("1e21", "1e+21")]
    [InlineData("-0.0", "-0")]
    [InlineData("123.456", "123.456")]
    [InlineData("5e-324", "5e-324")]
    public void Numbers_are_spelled_as_Go_spells_a_double(string sent, string expected) =>
        Assert.Equal(expected, GoNumber.Format(double.Parse(sent, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("\\ud83d\\ude00", "😀")]
    [InlineData("\\ud83d", "\uFFFD")]
    [InlineData("a\\u00e9\\n\\/\\\\b", "aé\n/\\b")]
    public void A_lone_surrogate_is_read_as_the_replacement_character(string raw, string expected) =>
        Assert.Equal(expected, GoString.Decode(Encoding.UTF8.GetBytes(raw)));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(90, "1m30s")]
    [InlineData(3600, "1h0m0s")]
    [InlineData(12319, "3h25m19s")]
    [InlineData(0.5, "500ms")]
    public void Durations_are_spelled_as_Go_spells_them(double seconds, string expected) =>
        Assert.Equal(expected, GoDuration.Format(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("/v1/secret/data/x%2Fy", "x/y")]
    [InlineData("/v1/secret/data/x%252Fy", "x%2Fy")]
    [InlineData("/v1/secret/data/a+b", "a+b")]
    [InlineData("/v1/secret/data/a%20b%20", "a b ")]
    [InlineData("/v1/secret/data/%C3%A9", "é")]
    [InlineData("/v1/secret/data/e%CC%81", "e\u0301")]
    [InlineData("/v1/secret/data/a..b", "a..b")]
    [InlineData("/v1/secret/data/q%3F%23", "q?#")]
    public async Task A_path_is_decoded_once(string target, string name)
    {
        await _onBao.PostAsync(target, """{"data":{"k":"v"}}""");

        Assert.Equal(name, Assert.Single(_bao.Secrets("secret")).Path);
        Assert.Equal(target, Assert.Single(_bao.Requests.Writes).RawTarget);
    }

    [Theory]
    [InlineData("/v1/secret/data/a%C2%A0b")]
    [InlineData("/v1/secret/data/a%E2%80%8Bb")]
    [InlineData("/v1/secret/data/a%09b")]
    public async Task A_path_with_characters_that_do_not_print_is_refused_without_a_word(string target)
    {
        TestReply reply = await _onBao.PostAsync(target, """{"data":{"k":"v"}}""");

        Assert.Equal((400, ""), (reply.Status, reply.Text));
    }

    [Fact]
    public async Task A_number_beyond_a_double_is_stored_and_then_fails_on_each_read()
    {
        await _onBao.PostAsync("/v1/secret/data/a", """{"data":{"n":1e400}}""");

        Assert.Equal(500, (await _onBao.GetAsync("/v1/secret/data/a")).Status);
        Assert.Equal("""{"n":1e400}""", _bao.Read("secret", "a"));
    }

    [Fact]
    public async Task Two_dots_in_a_name_break_KV_v1_on_Vault_only()
    {
        _vault.Mount("one", 1);
        _bao.Mount("one", 1);

        Assert.Equal((500, 204), ((await _onVault.PostAsync("/v1/one/a..b", """{"k":"v"}""")).Status, (await _onBao.PostAsync("/v1/one/a..b", """{"k":"v"}""")).Status));
    }

    [Fact]
    public async Task OpenBao_refuses_more_than_a_thousand_strings_and_Vault_takes_them()
    {
        string fields = string.Join(',', Enumerable.Range(0, 501).Select(number => $"\"k{number}\":\"v\""));
        string body = "{\"data\":{" + fields + "}}";

        TestReply bao = await _onBao.PostAsync("/v1/secret/data/wide", body);

        Assert.Equal((400, "refused JSON input due to high complexity: exceeded maximum number of strings"), (bao.Status, bao.Error));
        Assert.Equal(200, (await _onVault.PostAsync("/v1/secret/data/wide", body)).Status);
    }

    [Fact]
    public async Task Paging_is_KV_v2_on_OpenBao_alone()
    {
        _bao.Mount("one", 1);
        foreach (string name in new[] { "a", "b", "c" })
        {
            _bao.Put("secret", name, """{"k":"v"}""");
            _bao.Put("one", name, """{"k":"v"}""");
            _vault.Put("secret", name, """{"k":"v"}""");
        }

        Assert.Equal(["b"], (await _onBao.ListAsync("/v1/secret/metadata/?after=a&limit=1")).Keys);
        Assert.Equal(["a", "b", "c"], (await _onBao.ListAsync("/v1/one/?after=a&limit=1")).Keys);
        Assert.Equal(["a", "b", "c"], (await _onVault.ListAsync("/v1/secret/metadata/?after=a&limit=1")).Keys);
    }

    [Fact]
    public async Task Names_are_listed_in_byte_order()
    {
        foreach (string name in new[] { "\U0001F600", "\uFF5E", "a", "B", "a/x", "a b", "é" })
        {
            _bao.Put("secret", name, """{"k":"v"}""");
        }

        Assert.Equal(["B", "a", "a b", "a/", "é", "\uFF5E", "\U0001F600"], (await _onBao.ListAsync("/v1/secret/metadata/")).Keys);
    }

    [Fact]
    public async Task A_scan_is_not_sorted_over_folders_and_an_empty_one_is_no_404()
    {
        foreach (string name in new[] { "a/x", "b/x", "c" })
        {
            _bao.Put("secret", name, """{"k":"v"}""");
        }

        Assert.Equal(["c", "b/x", "a/x"], (await _onBao.SendAsync("SCAN", "/v1/secret/metadata/")).Keys);
        Assert.Equal("{}", (await _onBao.SendAsync("SCAN", "/v1/secret/metadata/none/")).Data.GetRawText());
        Assert.Equal(405, (await _onVault.SendAsync("SCAN", "/v1/secret/metadata/")).Status);
    }

    [Fact]
    public async Task A_patch_damages_big_numbers_that_it_never_named()
    {
        _bao.Put("secret", "a", """{"big":12345678901234567890,"k":{"x":1,"y":2}}""");

        await _onBao.SendAsync("PATCH", "/v1/secret/data/a", """{"data":{"k":{"x":null,"z":3}}}""", contentType: "application/merge-patch+json");

        Assert.Equal("""{"big":12345678901234567000,"k":{"y":2,"z":3}}""", _bao.Read("secret", "a"));
    }

    [Fact]
    public async Task Subkeys_show_the_shape_down_to_a_depth()
    {
        _bao.Put("secret", "a", """{"x":{"y":{"z":1}},"w":[1]}""");

        Assert.Equal("""{"w":null,"x":{"y":{"z":null}}}""", (await _onBao.GetAsync("/v1/secret/subkeys/a")).Data.GetProperty("subkeys").GetRawText());
        Assert.Equal("""{"w":null,"x":null}""", (await _onBao.GetAsync("/v1/secret/subkeys/a?depth=1")).Data.GetProperty("subkeys").GetRawText());
    }

    [Theory]
    [InlineData("""{"k":""}""")]
    [InlineData("""{"":"v"}""")]
    [InlineData("""{"k":"a\tb"}""")]
    public async Task Custom_metadata_has_limits(string values)
    {
        TestReply reply = await _onBao.PostAsync("/v1/secret/metadata/a", $$"""{"custom_metadata":{{values}}}""");

        Assert.StartsWith("custom_metadata validation failed", reply.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_fields_turn_204_into_200_with_a_warning_on_OpenBao()
    {
        TestReply reply = await _onBao.PostAsync("/v1/secret/metadata/a", """{"max_versions":3,"nope":1}""");

        Assert.Equal((200, "Endpoint ignored these unrecognized parameters: [nope]"), (reply.Status, reply.Json.GetProperty("warnings")[0].GetString()));
    }

    [Fact]
    public async Task The_smaller_time_to_live_counts_and_a_version_ends_with_it()
    {
        _bao.Configure("secret", deleteVersionAfter: TimeSpan.FromHours(2));
        await _onBao.PostAsync("/v1/secret/metadata/a", """{"delete_version_after":"1h"}""");
        await _onBao.PostAsync("/v1/secret/data/a", """{"data":{"k":"v"}}""");

        int before = (await _onBao.GetAsync("/v1/secret/data/a")).Status;
        _time.Advance(TimeSpan.FromMinutes(61));
        int after = (await _onBao.GetAsync("/v1/secret/data/a")).Status;

        Assert.Equal((200, 404), (before, after));
        Assert.Null(_bao.Read("secret", "a"));
    }

    [Fact]
    public async Task A_new_mount_may_refuse_requests_as_being_upgraded()
    {
        _bao.BeginUpgrade("secret", refusals: 1);

        Assert.Equal((400, 404), ((await _onBao.GetAsync("/v1/secret/data/a")).Status, (await _onBao.GetAsync("/v1/secret/data/a")).Status));
    }

    [Fact]
    public async Task Of_many_writers_with_the_same_expectation_one_wins()
    {
        TestReply[] replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(number =>
            _onBao.PostAsync("/v1/secret/data/contested", $$"""{"options":{"cas":0},"data":{"winner":{{number}} } }""")));

        Assert.Single(replies, reply => reply.Status == 200);
        Assert.Single(_bao.Secret("secret", "contested")!.Versions);
    }

    [Fact]
    public async Task A_synthetic_mount_lists_reads_and_repeats_itself()
    {
        _bao.MountSynthetic("big", folders: 20_000, secretsPerFolder: 50, valueBytes: 64, seed: 3);
        _vault.MountSynthetic("big", folders: 20_000, secretsPerFolder: 50, valueBytes: 64, seed: 3);

        Assert.Equal(20_000, (await _onBao.ListAsync("/v1/big/metadata/")).Keys.Length);
        Assert.Equal(50, (await _onBao.ListAsync("/v1/big/metadata/folder-19999/")).Keys.Length);
        Assert.Equal(404, (await _onBao.ListAsync("/v1/big/metadata/folder-20000/")).Status);
        string one = (await _onBao.GetAsync("/v1/big/data/folder-00007/secret-0003")).Data.GetProperty("data").GetRawText();
        Assert.Equal(one, (await _onVault.GetAsync("/v1/big/data/folder-00007/secret-0003")).Data.GetProperty("data").GetRawText());
        Assert.NotEqual(one, (await _onBao.GetAsync("/v1/big/data/folder-00007/secret-0004")).Data.GetProperty("data").GetRawText());
    }
}
