using SecretBridge.Reporting;
using SecretBridge.Secrets;
using SecretBridge.Stores;
using SecretBridge.Tests.Trees;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Secrets;

public class SecretTestTests
{
    private readonly ProbedStore _store = new("kv");

    [Theory]
    [InlineData("vault://kv/s", "canary-t", true)]
    [InlineData("vault://kv/s", "canary-x", false)]
    [InlineData("vault://kv/s", "canary-", false)]
    [InlineData("vault://kv/s", "", false)]
    [InlineData("vault://kv/s#user", "app", true)]
    [InlineData("vault://kv/s#pin", "1234", true)]
    [InlineData("vault://kv/s#nothing", "\0", false)]
    [InlineData("vault://kv/s#nothing", "", false)]
    [InlineData("vault://kv/s#empty", "", true)]
    [InlineData("vault://kv/s?version=1#token", "canary-old", true)]
    public async Task A_submitted_value_is_the_stored_one_or_is_not(string uri, string value, bool isMatch)
    {
        await _store.PutAsync("s", """{"token":"canary-old"}""");
        await _store.PutAsync("s", """{"user":"app","token":"canary-t","pin":1234,"nothing":null,"empty":""}""");
        SecretMatch match = await TestAsync(uri, value);
        Assert.Null(match.Fault);
        Assert.Equal(isMatch, match.IsMatch);
    }

    [Theory]
    [InlineData("vault://kv/none", FaultKind.SecretNotFound)]
    [InlineData("vault://kv/s#none", FaultKind.SecretNotFound)]
    [InlineData("vault://kv/s", FaultKind.InvalidArgument)]
    [InlineData("vault://kv/gone", FaultKind.SecretDeleted)]
    public async Task What_is_not_there_is_a_fault_and_no_difference(string uri, FaultKind kind)
    {
        await _store.PutAsync("s", """{"a":"canary-a"}""");
        await _store.PutAsync("gone", """{"value":"canary-a"}""");
        await _store.Inner.DeleteAsync(SecretPath.Parse("gone"), [], default);
        SecretMatch match = await TestAsync(uri, "canary-a");
        Assert.Equal((null, kind), (match.IsMatch, match.Fault!.Kind));
        Assert.DoesNotContain("canary", match.Fault.ToString(), StringComparison.Ordinal);
    }

    private async Task<SecretMatch> TestAsync(string uri, string value)
    {
        var test = new SecretTest(new() { Stores = new StoreSet(_store), Value = SealedValue.FromText(value) });
        var rows = new List<SecretMatch>();
        await foreach (SecretMatch row in test.RunAsync(new[] { new SecretItem(uri) }.ToAsync(), default))
        {
            rows.Add(row);
        }

        return Assert.Single(rows);
    }
}
