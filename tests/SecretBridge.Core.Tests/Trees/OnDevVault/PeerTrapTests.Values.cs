using System.Text.Json;
using System.Text.Json.Nodes;
using SecretBridge.DevVault;
using SecretBridge.Trees;
using Xunit;
using IFaultRow = SecretBridge.Reporting.IFaultRow;

namespace SecretBridge.Tests.Trees.OnDevVault;

/// <summary>What a value is, and where it is shown.</summary>
public partial class PeerTrapTests
{
    [Theory]
    [InlineData("old", "new")]
    [InlineData("old", "one")]
    [InlineData("one", "new")]
    [InlineData("one", "two")]
    public async Task Numbers_nulls_lists_and_objects_keep_their_type_and_text(string from, string to)
    {
        const string Json = """{"b":[true,false,null],"e":"","l":"x\ny","n":null,"o":{"o":{"k":"v"},"l":[]},"s":"7","t":"{\"j\":1}","x":7,"y":1.5}""";
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Server.Mount("two", 1);
        bench.Server.Put(from, "a", Json);
        CopyResult row = await bench.CopyOneAsync(options => options with { Verify = true }, from, to);
        Assert.Equal((CopyAction.Created, true), (row.Action, row.Verified));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Json), JsonNode.Parse(bench.Server.Read(to, "a")!)));
        Assert.True((await bench.CompareAsync(from, to)).IsClean);
    }

    [Theory]
    [InlineData("""{"data":{"k":"v"}}""")]
    [InlineData("""{"data":{"k":"v"},"metadata":{"created_time":"2026-01-01T00:00:00Z","deletion_time":"2026-01-01T00:00:00Z","destroyed":true,"version":3}}""")]
    [InlineData("""{"data":null,"metadata":{"version":1}}""")]
    [InlineData("""{"cas":0,"data":{"k":"v"},"options":{"cas":7}}""")]
    [InlineData("""{"keys":["a"],"lease_duration":1,"request_id":"x","wrap_info":{"token":"t"}}""")]
    public async Task Keys_named_like_parts_of_a_reply_or_a_request_are_data(string json)
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Server.Mount("two", 1);
        bench.Server.Put("one", "a", json);
        await bench.CopyAsync(from: "one");
        await bench.CopyAsync(from: "new", to: "two");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(bench.Server.Read("new", "a")!)));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(bench.Server.Read("two", "a")!)));
        Assert.Equal(CopyAction.Unchanged, (await bench.CopyOneAsync(from: "one")).Action);
        Assert.True((await bench.CompareAsync("one", "two")).IsClean);
    }

    [Fact]
    public async Task Nothing_that_is_said_on_the_way_shows_a_value()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.OpenBao);
        using IDisposable saying = bench.Backend.ReportTo(bench.Reporter);
        bench.Put("old", "a", "canary-1", "canary-2");
        bench.Put("old", "b", "canary-3");
        bench.Put("old", "c", "canary-4");
        bench.Put("new", "b", "canary-5");
        bench.Server.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 400, Body = """{"errors":["cannot parse canary-4"]}""", Method = "POST", Path = "new/data/c", Times = null });
        bench.Server.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 503, Body = """{"errors":["busy with canary-2"]}""", Method = "POST", Path = "new/data/a" });
        var rows = new List<CopyResult>();
        foreach (VersionSelection version in new[] { VersionSelection.Latest, VersionSelection.All })
        {
            rows.AddRange(await bench.CopyAsync(options => options with { Version = version, IncludeMetadata = true, RecordSource = true, Verify = true }));
        }

        await bench.CompareAsync();
        Assert.Equal([CopyAction.Created, CopyAction.Conflict, CopyAction.Failed], rows.Take(3).Select(row => row.Action));
        Assert.NotEmpty(bench.Reporter.Messages);
        string told = string.Join('\n', bench.Reporter.Messages
            .Concat(bench.Reporter.Warnings)
            .Concat(bench.Reporter.Summaries)
            .Concat(bench.Reporter.Reports.Select(report => report.ToString()))
            .Concat(rows.Select(row => $"{JsonSerializer.Serialize(row)} {row} {((IFaultRow)row).Fault}")));
        Assert.DoesNotContain("canary", told, StringComparison.Ordinal);
        Assert.DoesNotContain(bench.Server.RootToken, told, StringComparison.Ordinal);
    }
}
