using System.Text;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Wire;
using Xunit;

namespace SecretBridge.Tests.Wire;

public class ReplyEnvelopeTests
{
    private static readonly VaultRequest Read = KvRequests.ReadV2("kv", "a", null);

    [Fact]
    public void A_payload_keeps_the_very_bytes_of_the_reply()
    {
        VaultReply reply = Reply(200, """{"request_id":"r-1","data":{"metadata":{"version":3,"deletion_time":"","created_time":"2026-11-22T00:00:31.4236237Z"},"data":{"n":1.50,"a":{"data":1e2},"é":"\u003c"}},"warnings":null}""");
        SecretReading reading = KvReplies.ReadV2(Read, reply);
        Assert.Equal("""{"n":1.50,"a":{"data":1e2},"é":"\u003c"}""", Encoding.UTF8.GetString(reading.Payload!.Json.Span));
        Assert.Equal((3, "r-1", SecretState.Live), (reading.Version, reading.RequestId, reading.State));
        Assert.Null(reading.DeletionTime);
    }

    [Theory]
    [InlineData("false", SecretState.Deleted)]
    [InlineData("true", SecretState.Destroyed)]
    public void A_404_with_a_body_is_a_version_that_is_gone(string destroyed, SecretState state)
    {
        VaultReply reply = Reply(404, """{"data":{"data":null,"metadata":{"version":5,"destroyed":@,"deletion_time":"2026-11-22T00:00:31Z","custom_metadata":{"o":"me"}}}}""".Replace("@", destroyed, StringComparison.Ordinal));
        SecretReading reading = KvReplies.ReadV2(Read, reply);
        Assert.Equal((state, 5, 5), (reading.State, reading.Version, reading.CheckAndSet));
        Assert.Null(reading.Payload);
        Assert.Equal("me", reading.CustomMetadata!["o"]);
    }

    [Fact]
    public void A_deletion_that_is_due_in_the_future_leaves_the_value_live()
    {
        VaultReply reply = Reply(200, """{"data":{"data":{"a":1},"metadata":{"version":1,"deletion_time":"2999-01-01T00:00:00Z"}}}""");
        Assert.Equal(SecretState.Live, KvReplies.ReadV2(Read, reply).State);
    }

    [Theory]
    [InlineData("""{"data":null}""")]
    [InlineData("""{"data":{"data":"text","metadata":{"version":1}}}""")]
    [InlineData("""{"data":{"data":{"a":1},"metadata":{}}}""")]
    [InlineData("""{"data":[1]}""")]
    public void A_success_that_is_no_secret_is_malformed_and_never_absent(string body) =>
        Assert.Equal(FaultKind.MalformedReply, Assert.Throws<VaultException>(() => KvReplies.ReadV2(Read, Reply(200, body))).Kind);

    [Fact]
    public void A_payload_of_null_is_live_and_null() =>
        Assert.True(KvReplies.ReadV2(Read, Reply(200, """{"data":{"data":null,"metadata":{"version":1}}}""")) is { State: SecretState.Live, Payload: not null });

    [Fact]
    public void A_list_without_keys_is_an_empty_folder_and_one_without_data_is_malformed()
    {
        Assert.Equal([], KvReplies.ReadKeys(Read, Reply(200, """{"data":{}}"""))!);
        Assert.Null(KvReplies.ReadKeys(Read, Reply(404, """{"errors":[]}""")));
        Assert.Throws<VaultException>(() => KvReplies.ReadKeys(Read, Reply(200, """{"data":null}""")));
        Assert.Throws<VaultException>(() => KvReplies.ReadKeys(Read, Reply(200, """{"data":{"current_version":3}}""")));
    }

    [Fact]
    public void Metadata_is_read_with_versions_in_their_order()
    {
        SecretMetadata metadata = KvReplies.ReadMetadata(Read, Reply(200, """
            {"data":{"cas_required":true,"current_version":10,"oldest_version":2,"max_versions":3,"delete_version_after":"1h0m0s","custom_metadata":{"k":"v"},
            "created_time":"2026-11-22T00:00:31.4Z","updated_time":"2026-11-22T00:00:32Z","last_updated_by":{"x":1},
            "versions":{"10":{"created_time":"2026-11-22T00:00:33Z","deletion_time":"2027-01-01T00:00:00Z","destroyed":false},"2":{"created_time":"2026-11-22T00:00:31Z","deletion_time":"","destroyed":true}}}}
            """), default)!;
        Assert.Equal([2, 10], metadata.Versions.Select(version => version.Number));
        Assert.Equal((10, 2, 3, true, TimeSpan.FromHours(1)), (metadata.CurrentVersion, metadata.OldestVersion, metadata.MaxVersions, metadata.CheckAndSetRequired, metadata.DeleteVersionAfter));
        Assert.Equal("v", metadata.CustomMetadata["k"]);
        Assert.Equal(SecretState.Live, metadata.StateAt(new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero)));
        Assert.Equal(SecretState.Deleted, metadata.StateAt(new DateTimeOffset(2027, 2, 1, 0, 0, 0, TimeSpan.Zero)));
    }

    private static VaultReply Reply(int status, string body) => new(status, Encoding.UTF8.GetBytes(body));
}
