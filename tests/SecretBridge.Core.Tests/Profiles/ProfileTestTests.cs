using SecretBridge.Profiles;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Tests.Clocks;
using SecretBridge.Tests.Trees;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Profiles;

public class ProfileTestTests
{
    private readonly ProbedStore _store = new("kv");
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData("""{"env":{"A":"1"},"secrets":{"B":"canary-0042"}}""", "")]
    [InlineData("""{"tags":"canary-0042","owner":1}""", "Error Schema owner|Error Schema tags")]
    [InlineData("""{"password":"canary-0042"}""", "Error Schema -")]
    [InlineData("""{"name":"job","typo":"canary-0042"}""", "Warning UnknownKey typo")]
    [InlineData("""{"name":"another"}""", "Information NameDiffers name")]
    [InlineData("""{"env":{"A":"1"},"secrets":{"A":"canary-0042"}}""", "Error DuplicateName secrets.A")]
    [InlineData("""{"env":{"a":"1"},"secrets":{"A":"canary-0042"}}""", "Warning DuplicateName secrets.A")]
    [InlineData("""{"secrets":{"A=B":"canary-0042","":"canary-0042"}}""", "Error VariableName secrets.A=B|Error VariableName secrets.")]
    [InlineData("""{"secrets":{"A-B":"canary-0042","PATH":"canary-0042"}}""", "Warning VariableName secrets.A-B|Warning ReservedName secrets.PATH")]
    [InlineData("""{"secrets":{"A":"canary\u0000"}}""", "Error VariableName secrets.A")]
    [InlineData("""{"secrets":{"A":"","B":null,"C":{"d":"canary-0042"}}}""", "Warning EmptySecret secrets.A|Warning EmptySecret secrets.B|Information NestedSecret secrets.C")]
    [InlineData("""{"env":{"A":"ghp_canary0042canary0042"}}""", "Warning SecretInEnv env.A")]
    [InlineData("""{"secrets":{"A":"vault://canary-0042 is none","B":"vault://"}}""", "Error UnresolvedReference secrets.B")]
    public async Task What_is_wrong_is_told_by_rule_and_key_and_never_by_value(string json, string expected)
    {
        await _store.PutAsync("p/job", json);
        List<ProfileFinding> rows = await TestAsync();
        Assert.Equal(expected, string.Join('|', rows.Select(row => $"{row.Severity} {row.Rule} {row.Key ?? "-"}")));
        Assert.DoesNotContain(rows, row => row.Message.Contains("canary", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(-1, "Error ExpiredToken")]
    [InlineData(3600, "Warning ExpiringToken")]
    [InlineData(90000, "")]
    public async Task A_JSON_web_token_says_itself_when_it_ends(int seconds, string expected)
    {
        string claims = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($$"""{"exp":{{_time.GetUtcNow().ToUnixTimeSeconds() + seconds}}}""")).TrimEnd('=');
        await _store.PutAsync("p/job", $$$"""{"secrets":{"T":"eyJhbGciOiJub25lIn0.{{{claims}}}.x"}}""");
        Assert.Equal(expected, string.Join('|', (await TestAsync()).Select(row => $"{row.Severity} {row.Rule}")));
    }

    [Theory]
    [InlineData(false, 0, "Error ExpiredToken secrets.T")]
    [InlineData(true, 60, "Warning ExpiringToken secrets.T")]
    [InlineData(true, 900000, "")]
    public async Task A_Vault_token_is_looked_up_only_where_that_was_asked_for(bool isAlive, int seconds, string expected)
    {
        await _store.PutAsync("p/job", """{"secrets":{"T":"hvs.CANARY0042canary0042canary0042"}}""");
        Assert.Empty(await TestAsync());
        List<ProfileFinding> rows = await TestAsync(options => options with
        {
            LookUpToken = (token, _) => new(new TokenStanding(isAlive && token.Reveal()!.StartsWith("hvs.", StringComparison.Ordinal), _time.GetUtcNow().AddSeconds(seconds))),
        });
        Assert.Equal(expected, string.Join('|', rows.Select(row => $"{row.Severity} {row.Rule} {row.Key}")));
    }

    [Fact]
    public async Task A_reference_that_leads_nowhere_is_an_error_and_one_that_leads_somewhere_is_none()
    {
        await _store.PutAsync("p/job", """{"env":{"A":"vault://kv/there"},"secrets":{"B":"vault://kv/nowhere#x"}}""");
        ProfileFinding row = Assert.Single(await TestAsync(options => options with
        {
            Resolve = (reference, _) => reference.Contains("nowhere", StringComparison.Ordinal)
                ? throw new BridgeException(FaultKind.SecretNotFound, reference, $"There is no '{reference}'.")
                : new(SealedValue.FromText("canary-0042")),
        }));
        Assert.Equal(("UnresolvedReference", "secrets.B"), (row.Rule, row.Key));
        Assert.Contains("vault://kv/nowhere#x", row.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reference_whose_reading_cannot_be_told_to_the_audit_trail_ends_the_run()
    {
        await _store.PutAsync("p/job", """{"env":{"A":"vault://kv/there"}}""");
        Assert.Equal(FaultKind.AuditFailed, (await Assert.ThrowsAsync<BridgeException>(() => TestAsync(options => options with
        {
            Resolve = (reference, _) => throw new BridgeException(FaultKind.AuditFailed, reference, "full"),
        }))).Kind);
    }

    [Fact]
    public async Task Only_profiles_that_were_read_and_have_no_error_are_clean()
    {
        Assert.False(await IsCleanAsync("*"));
        await _store.PutAsync("p/good", """{"secrets":{}}""");
        Assert.True(await IsCleanAsync("*"));
        Assert.False(await IsCleanAsync("none"));
        await _store.PutAsync("p/bad", """{"secrets":[]}""");
        Assert.False(await IsCleanAsync("*"));
    }

    private async Task<bool> IsCleanAsync(string name)
    {
        var test = new ProfileTest(new() { Stores = new DefaultFolder(_store, "p"), Time = _time });
        await test.RunAsync(new[] { new ProfileQuery(null, name) }.ToAsync(), default).ListAsync();
        return test.IsClean;
    }

    private async Task<List<ProfileFinding>> TestAsync(Func<ProfileTestOptions, ProfileTestOptions>? change = null)
    {
        var options = new ProfileTestOptions { Stores = new DefaultFolder(_store, "p"), Time = _time };
        return await new ProfileTest(change?.Invoke(options) ?? options).RunAsync(new[] { new ProfileQuery(null, "job") }.ToAsync(), default).ListAsync();
    }
}
