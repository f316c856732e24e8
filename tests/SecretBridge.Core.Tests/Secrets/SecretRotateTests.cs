using SecretBridge.Reporting;
using SecretBridge.Secrets;
using SecretBridge.Stores;
using SecretBridge.Tests.Trees;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Secrets;

public class SecretRotateTests
{
    private readonly ProbedStore _store = new("kv");

    [Fact]
    public async Task A_new_value_is_written_over_the_version_read_and_the_rest_stays()
    {
        await _store.PutAsync("s", """{"user":"app","apiKey":"canary-old","n":1.50}""");
        SecretChange row = await RotateAsync("vault://kv/s");
        Assert.Equal((SecretAction.Updated, "apiKey", 1, false), (row.Action, row.Key, row.PreviousVersion, row.Planned));
        Assert.Equal([2], row.Version);
        Assert.Equal(32, row.NewValue!.Reveal()!.Length);
        Assert.Equal($$"""{"user":"app","apiKey":"{{row.NewValue.Reveal()}}","n":1.50}""", await _store.TextAsync("s"));
        Assert.DoesNotContain(row.NewValue.Reveal()!, row.ToString() + System.Text.Json.JsonSerializer.Serialize(row), StringComparison.Ordinal);
        SecretReading old = await _store.Inner.ReadAsync(SecretPath.Parse("s"), 1, default);
        Assert.Equal("canary-old", old.Payload!.GetValue("apiKey")!.Reveal());
    }

    [Fact]
    public async Task Two_rotations_give_two_values()
    {
        await _store.PutAsync("s", """{"value":"canary-old"}""");
        string? first = (await RotateAsync("vault://kv/s")).NewValue!.Reveal();
        Assert.NotEqual(first, (await RotateAsync("vault://kv/s")).NewValue!.Reveal());
    }

    [Theory]
    [InlineData("vault://kv/s#user", null, "user")]
    [InlineData("vault://kv/s", "user", "user")]
    public async Task The_key_can_be_named(string uri, string? key, string rotated)
    {
        await _store.PutAsync("s", """{"user":"canary-a","value":"canary-b"}""");
        SecretChange row = await RotateAsync(uri, options => options with { Key = key, Length = 12, CharacterSet = "0123456789" });
        Assert.Equal((rotated, "vault://memory@kv/s"), (row.Key, row.Uri));
        Assert.Matches("^[0-9]{12}$", row.NewValue!.Reveal());
        Assert.Contains("canary-b", await _store.TextAsync("s"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vault://kv/none", FaultKind.SecretNotFound)]
    [InlineData("vault://kv/s#none", FaultKind.SecretNotFound)]
    [InlineData("vault://kv/s", FaultKind.InvalidArgument)]
    [InlineData("vault://kv/s#n", FaultKind.InvalidArgument)]
    [InlineData("vault://kv/s?version=1#a", FaultKind.InvalidReference)]
    [InlineData("vault://kv", FaultKind.InvalidReference)]
    public async Task What_cannot_be_rotated_is_a_row_with_a_fault_and_nothing_is_written(string uri, FaultKind kind)
    {
        await _store.PutAsync("s", """{"a":"canary-a","n":5}""");
        SecretChange row = await RotateAsync(uri);
        Assert.Equal((SecretAction.Failed, kind), (row.Action, row.Fault!.Kind));
        Assert.Null(row.NewValue);
        Assert.Empty(_store.Writes);
    }

    [Fact]
    public async Task A_plan_writes_nothing_and_generates_nothing_to_show()
    {
        await _store.PutAsync("s", """{"value":"canary-old"}""");
        SecretChange row = await RotateAsync("vault://kv/s", planOnly: true);
        Assert.Equal((true, null, "value", 1), (row.Planned, row.NewValue, row.Key, row.PreviousVersion));
        Assert.Empty(_store.Writes);
    }

    [Fact]
    public async Task Somebody_else_s_write_in_between_is_not_overwritten()
    {
        await _store.PutAsync("s", """{"value":"canary-old"}""");
        _store.Before = async (verb, _) =>
        {
            if (verb == "write")
            {
                await _store.PutAsync("s", """{"value":"canary-theirs"}""");
            }
        };
        SecretChange row = await RotateAsync("vault://kv/s");
        Assert.Equal(FaultKind.CheckAndSetMismatch, row.Fault!.Kind);
        Assert.Contains("canary-theirs", await _store.TextAsync("s"), StringComparison.Ordinal);
        Assert.Equal(FaultKind.CheckAndSetMismatch, (await RotateAsync("vault://kv/s", options => options with { CheckAndSet = 1 })).Fault!.Kind);
    }

    [Fact]
    public async Task A_store_without_history_is_refused_unless_the_loss_is_allowed()
    {
        _store.Without = StoreCapabilities.Versions | StoreCapabilities.CheckAndSet;
        await _store.PutAsync("s", """{"value":"canary-old"}""");
        Assert.Equal(FaultKind.NotSupported, (await RotateAsync("vault://kv/s")).Fault!.Kind);
        Assert.Empty(_store.Writes);
        SecretChange row = await RotateAsync("vault://kv/s", options => options with { AllowLoss = true });
        Assert.Equal((SecretAction.Updated, null), (row.Action, row.PreviousVersion));
        Assert.Contains("lost", row.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_that_the_server_has_rounded_is_not_written_back_unless_allowed()
    {
        _store.With = StoreCapabilities.NumbersThroughDouble;
        await _store.PutAsync("s", """{"value":"canary-old","id":9007199254740993}""");
        Assert.Equal(FaultKind.PrecisionLoss, (await RotateAsync("vault://kv/s")).Fault!.Kind);
        Assert.Equal(SecretAction.Updated, (await RotateAsync("vault://kv/s", options => options with { AllowPrecisionLoss = true })).Action);
    }

    [Theory]
    [InlineData(7, null)]
    [InlineData(1025, null)]
    [InlineData(32, "012345678")]
    [InlineData(32, "01234567899")]
    [InlineData(32, "0123456789 ")]
    public void Options_that_cannot_be_right_are_refused(int length, string? characters)
    {
        var options = new RotateOptions { Stores = new StoreSet(_store), Length = length };
        options = characters is null ? options : options with { CharacterSet = characters };
        Assert.Equal(FaultKind.InvalidArgument, Assert.Throws<BridgeException>(options.Validate).Kind);
    }

    [Fact]
    public void Each_character_is_as_likely_as_any_other()
    {
        // All bytes there are, the same number of times: a remainder would give the first characters more.
        int next = 0;
        string text = GeneratedValue.Make(248 * 4, GeneratedValue.LettersAndDigits, bytes =>
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)next++;
            }
        }).Reveal()!;
        Assert.Equal(62, text.Distinct().Count());
        Assert.All(text.GroupBy(c => c), group => Assert.Equal(16, group.Count()));
    }

    private async Task<SecretChange> RotateAsync(string uri, Func<RotateOptions, RotateOptions>? change = null, bool planOnly = false)
    {
        var options = new RotateOptions { Stores = new StoreSet(_store) };
        var rotate = new SecretRotate(change?.Invoke(options) ?? options);
        var rows = new List<SecretChange>();
        await foreach (SecretChange row in rotate.RunAsync(new[] { new SecretItem(uri, planOnly) }.ToAsync(), default))
        {
            rows.Add(row);
        }

        return Assert.Single(rows);
    }
}
