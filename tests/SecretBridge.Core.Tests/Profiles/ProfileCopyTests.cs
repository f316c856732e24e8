using SecretBridge.Profiles;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Tests.Trees;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Profiles;

public class ProfileCopyTests
{
    private const string Stored = """{"name":"n","owner":"o","env":{"N":1.50},"secrets":{"A":"canary-a"},"other":[1]}""";

    private readonly ProbedStore _from = new("kv");
    private readonly ProbedStore _to = new("other");

    [Fact]
    public async Task A_copy_has_the_name_of_the_secret_the_same_text_and_was_read_back()
    {
        await _from.PutAsync("p/job", Stored);
        ProfileCopyResult row = Assert.Single(await CopyAsync(new ProfileQuery(null, "*")));
        Assert.Equal((ProfileAction.Created, true, "vault://memory@other/team/job"), (row.Action, row.Verified, row.Destination));
        Assert.Equal(Stored, await _to.TextAsync("team/job"));
        Assert.Equal("o", (await _to.ReadMetadataAsync(SecretPath.Parse("team/job"), default))!.CustomMetadata["owner"]);
    }

    [Fact]
    public async Task A_second_copy_writes_nothing()
    {
        await _from.PutAsync("p/job", Stored);
        await CopyAsync(new ProfileQuery(null, "*"));
        Assert.Equal((ProfileAction.Unchanged, true), Assert.Single(await CopyAsync(new ProfileQuery(null, "*"))) is var row ? (row.Action, row.Verified) : default);
        Assert.Single(_to.Writes);
    }

    [Theory]
    [InlineData(ProfileConflict.Fail, ProfileAction.Conflict, FaultKind.DestinationExists, 0)]
    [InlineData(ProfileConflict.Skip, ProfileAction.Skipped, null, 0)]
    [InlineData(ProfileConflict.Overwrite, ProfileAction.Updated, null, 1)]
    public async Task Other_content_at_the_destination_is_what_the_policy_says(ProfileConflict conflict, ProfileAction action, FaultKind? fault, int writes)
    {
        await _from.PutAsync("p/job", Stored);
        await _to.PutAsync("team/job", """{"name":"theirs"}""");
        ProfileCopyResult row = Assert.Single(await CopyAsync(options => options with { Conflict = conflict }, new ProfileQuery(null, "job")));
        Assert.Equal((action, fault, writes), (row.Action, row.Fault?.Kind, _to.Writes.Count));
    }

    [Fact]
    public async Task What_reads_back_other_than_it_was_written_is_a_failure()
    {
        await _from.PutAsync("p/job", Stored);
        _to.OnRead = (_, version, reading) => version is null ? reading : reading with { Payload = Stores.JsonText.Payload("""{"name":"changed"}""") };
        ProfileCopyResult row = Assert.Single(await CopyAsync(new ProfileQuery(null, "job")));
        Assert.Equal((FaultKind.VerificationFailed, false), (row.Fault!.Kind, row.Verified));
    }

    [Fact]
    public async Task What_is_no_profile_or_its_own_destination_or_has_a_name_that_is_taken_is_not_copied()
    {
        await _from.PutAsync("p/job", Stored);
        await _from.PutAsync("q/job", Stored);
        await _from.PutAsync("p/odd", """{"password":"canary-0042"}""");
        FaultKind?[] kinds = (await CopyAsync(new ProfileQuery(null, "job"), new ProfileQuery(null, "odd"), new ProfileQuery("vault://kv/q/job"), new ProfileQuery(null, "none"))).Select(row => row.Fault?.Kind).ToArray();
        Assert.Equal([null, FaultKind.InvalidProfile, FaultKind.MapCollision, FaultKind.SecretNotFound], kinds);
        ProfileCopyResult own = Assert.Single(await CopyAsync(options => options with { DestinationUri = "vault://kv/p" }, new ProfileQuery(null, "job")));
        Assert.Equal(FaultKind.Overlap, own.Fault!.Kind);
    }

    [Fact]
    public async Task A_profile_that_comes_twice_is_copied_once_and_two_versions_of_it_are_a_collision()
    {
        await _from.PutAsync("p/job", Stored);
        await _from.PutAsync("p/job", """{"name":"second"}""");
        var gate = new TaskCompletionSource();
        int reads = 0;
        _to.Before = (verb, _) => verb != "read" ? Task.CompletedTask : Interlocked.Increment(ref reads) == 1 ? gate.Task.WaitAsync(TimeSpan.FromMilliseconds(300)).ContinueWith(_ => { }, TaskScheduler.Default) : Task.CompletedTask;
        List<ProfileCopyResult> rows = await CopyAsync(new ProfileQuery("vault://kv/p/job?version=1"), new ProfileQuery("vault://kv/p/job?version=1"), new ProfileQuery("vault://kv/p/job"));
        Assert.Equal([(ProfileAction.Created, null), (ProfileAction.Failed, FaultKind.MapCollision)], rows.Select(row => (row.Action, row.Fault?.Kind)));
        Assert.Equal(Stored, await _to.TextAsync("team/job"));
    }

    [Fact]
    public async Task A_number_that_the_destination_rounds_is_told()
    {
        await _from.PutAsync("p/job", """{"secrets":{"N":9007199254740993}}""");
        _to.With = StoreCapabilities.NumbersThroughDouble;
        ProfileCopyResult row = Assert.Single(await CopyAsync(new ProfileQuery(null, "job")));
        Assert.Null(row.Fault);
        Assert.Contains("other digits", row.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_writes_nothing()
    {
        await _from.PutAsync("p/job", Stored);
        ProfileCopyResult row = Assert.Single(await CopyAsync(options => options with { PlanOnly = true }, new ProfileQuery(null, "*")));
        Assert.Equal((ProfileAction.Created, true, false), (row.Action, row.Planned, row.Verified));
        Assert.Empty(_to.Writes);
    }

    private Task<List<ProfileCopyResult>> CopyAsync(params ProfileQuery[] queries) => CopyAsync(options => options, queries);

    private async Task<List<ProfileCopyResult>> CopyAsync(Func<ProfileCopyOptions, ProfileCopyOptions> change, params ProfileQuery[] queries)
    {
        var stores = new DefaultFolder(_from, "p", _to);
        var options = new ProfileCopyOptions { SourceStores = stores, DestinationStores = stores, DestinationUri = "vault://other/team" };
        return await new ProfileCopy(change(options)).RunAsync(queries.ToAsync(), default).ListAsync();
    }
}
