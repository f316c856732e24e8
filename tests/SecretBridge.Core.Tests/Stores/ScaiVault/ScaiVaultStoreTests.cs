using SecretBridge.DevVault;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Tests.Clocks;
using SecretBridge.Tests.Wire;
using SecretBridge.Wire;
using Xunit;
using FaultKind = SecretBridge.Reporting.FaultKind;
using Hit = SecretBridge.DevVault.FaultKind;

namespace SecretBridge.Tests.Stores.ScaiVault;

public sealed class ScaiVaultStoreTests : ScaiVaultTest
{
    [Fact]
    public async Task A_write_is_the_documented_body_with_the_payload_as_it_was_spelt()
    {
        await WriteAsync("apps/db", """{"z":1.50,"a":12345678901234567890,"n":{"é":[true,null]}}""", new() { Tags = ["a", "b"], Description = "from there", MaxVersions = 10 });
        ScaiVaultSecret stored = Server.Secrets["apps/db"];
        Assert.Equal("""{"z":1.50,"a":12345678901234567890,"n":{"é":[true,null]}}""", stored.Json);
        Assert.Equal(["a", "b"], stored.Tags);
        Assert.Equal(("from there", 10), (stored.Description, stored.MaxVersions));
        RequestRecord request = Assert.Single(Server.Requests.All);
        Assert.Equal(("PUT", "/v1/secrets/apps/db", "application/json"), (request.Method, request.RawTarget, request.Headers["Content-Type"]));
        Assert.DoesNotContain(request.Headers.Keys, name => name.StartsWith("X-Vault", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_write_without_a_note_says_nothing_of_metadata_that_is_there()
    {
        await WriteAsync("db", """{"k":1}""", new() { Tags = ["kept"], MaxVersions = 3 });
        await WriteAsync("db", """{"k":2}""");
        Assert.Equal(["kept"], Server.Secrets["db"].Tags);
        Assert.Equal((3, 2), (Server.Secrets["db"].MaxVersions, Server.Secrets["db"].Versions.Count));
    }

    [Fact]
    public async Task Each_name_of_a_path_is_escaped_by_itself()
    {
        await WriteAsync("a b/c#d?/100%é", """{"k":1}""");
        Assert.Equal("/v1/secrets/a%20b/c%23d%3F/100%25%C3%A9", Assert.Single(Server.Requests.All).RawTarget);
        Assert.Equal(SecretState.Live, (await ReadAsync("a b/c#d?/100%é")).State);
    }

    [Fact]
    public async Task What_the_guide_does_not_document_is_refused_before_any_request()
    {
        var path = SecretPath.Parse("db");
        IWriteSession session = await Store.OpenWriteSessionAsync(CancellationToken.None);
        foreach (Func<Task> call in new Func<Task>[]
        {
            async () => await Store.ListAsync(path, CancellationToken.None),
            async () => await Store.ReadAsync(path, 2, CancellationToken.None),
            async () => await session.WriteAsync(path, JsonText.Payload("{}"), 1, CancellationToken.None),
            async () => await session.DeleteAsync(path, [], CancellationToken.None),
            async () => await session.DestroyAsync(path, [1], CancellationToken.None),
            async () => await session.UndeleteAsync(path, [1], CancellationToken.None),
            async () => await session.RemoveAsync(path, CancellationToken.None),
            async () => await session.WriteMetadataAsync(path, new(), CancellationToken.None),
        })
        {
            Assert.Equal(FaultKind.NotSupported, (await FailAsync(call)).Kind);
        }

        Assert.Null(await Store.ReadMetadataAsync(path, CancellationToken.None));
        Assert.Null(await Store.TryScanAsync(path, CancellationToken.None));
        Assert.Equal(0, Server.Requests.Total);
    }

    [Theory]
    [InlineData(400, FaultKind.RequestRefused)]
    [InlineData(401, FaultKind.TokenInvalid)]
    [InlineData(403, FaultKind.PermissionDenied)]
    [InlineData(405, FaultKind.NotSupported)]
    [InlineData(409, FaultKind.CheckAndSetMismatch)]
    [InlineData(413, FaultKind.PayloadTooLarge)]
    [InlineData(422, FaultKind.RequestRefused)]
    [InlineData(429, FaultKind.RateLimited)]
    [InlineData(500, FaultKind.ServerError)]
    [InlineData(501, FaultKind.NotSupported)]
    [InlineData(503, FaultKind.ServerError)]
    public async Task A_status_is_a_failure_whose_text_holds_nothing_that_was_sent(int status, FaultKind kind)
    {
        Server.Faults.Add(new Fault { Kind = Hit.Status, Status = status, Body = $$"""{"error":"e","message":"cannot take {{Canary}} of {{Server.Token}} now"}""" });
        BridgeException exception = await FailAsync(() => WriteAsync("db", $$"""{"k":"{{Canary}}"}"""));
        Assert.Equal((kind, status), (exception.Kind, ((VaultException)exception).StatusCode));
        Assert.Contains("cannot take (sealed) of (sealed) now", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"error":"not_found"}""")]
    [InlineData("""{"error":{"code":"not_found","message":"no such secret"}}""")]
    [InlineData("""{"detail":"no such secret"}""")]
    [InlineData("""{"errors":["no such secret"]}""")]
    public async Task A_404_that_tells_an_error_is_absence(string body)
    {
        Server.Faults.Add(new Fault { Kind = Hit.Status, Status = 404, Body = body });
        Assert.Equal(SecretState.Absent, (await ReadAsync("db")).State);
    }

    [Theory]
    [InlineData("", "application/json")]
    [InlineData("404 page not found", "text/plain")]
    [InlineData("{}", "application/json")]
    [InlineData("[]", "application/json")]
    [InlineData("<html></html>", "text/html")]
    [InlineData("""{"errors":["no handler for route "secrets/db". route entry not found."]}""", "application/json")]
    public async Task A_404_that_something_else_said_makes_no_secret_vanish(string body, string type)
    {
        Server.Faults.Add(new Fault { Kind = Hit.Status, Status = 404, Body = body, ContentType = type });
        Assert.Equal(FaultKind.NotVault, (await FailAsync(async () => await ReadAsync("db"))).Kind);
    }

    [Theory]
    [InlineData("""{"data":null}""")]
    [InlineData("""{"data":"canary-scai-31c0"}""")]
    [InlineData("""{"value":{"k":"canary-scai-31c0"}}""")]
    [InlineData("""{"data":{"k":"canary-scai""")]
    public async Task A_reply_without_an_object_of_data_is_malformed(string body)
    {
        Server.Faults.Add(new Fault { Kind = Hit.Status, Status = 200, Body = body });
        Assert.Equal(FaultKind.MalformedReply, (await FailAsync(async () => await ReadAsync("db"))).Kind);
    }

    [Fact]
    public async Task A_sign_on_page_is_no_success_and_a_redirect_is_not_followed()
    {
        Server.Faults.Add(new Fault { Kind = Hit.Html });
        Assert.Equal(FaultKind.NotVault, (await FailAsync(async () => await ReadAsync("db"))).Kind);
        Server.Faults.Clear();
        Server.Faults.Add(new Fault { Kind = Hit.Redirect, Location = Server.Address + "v1/secrets/db" });
        Assert.Equal(FaultKind.RedirectRefused, (await FailAsync(async () => await ReadAsync("db"))).Kind);
        Assert.Equal(2, Server.Requests.Total);
    }

    [Fact]
    public async Task What_passes_is_tried_again_and_a_wrong_token_is_not()
    {
        var time = new ManualTime();
        await using ScaiVaultBackend patient = Connect(options => options with { MaxRetries = 2 }, time);
        Server.Put("db", """{"k":1}""");
        Server.Faults.Add(new Fault { Kind = Hit.Status, Status = 429, Body = """{"error":"slow"}""", Headers = new Dictionary<string, string> { ["Retry-After"] = "7" } });
        Task<SecretReading> reading = patient.Store.ReadAsync(SecretPath.Parse("db"), null, CancellationToken.None).AsTask();
        Assert.Equal((SecretState.Live, 2L), ((await reading).State, Server.Requests.Total));
        Assert.Equal([TimeSpan.FromSeconds(7)], time.Waits);

        await using ScaiVaultBackend stranger = Connect(options => options with { Token = Connection.Secure("canary-other"), MaxRetries = 2 }, time);
        Assert.Equal(FaultKind.TokenInvalid, (await FailAsync(async () => await stranger.Store.ReadAsync(SecretPath.Parse("db"), null, CancellationToken.None))).Kind);
        Assert.Equal(3L, Server.Requests.Total);
    }

    [Fact]
    public async Task A_write_whose_reply_was_lost_is_looked_for_and_not_sent_again()
    {
        Server.Faults.Add(new Fault { Kind = Hit.ResetAfterCommit, Method = "PUT" });
        await WriteAsync("db", """{"k":"1"}""");
        Assert.Single(Server.Secrets["db"].Versions);

        Server.Faults.Add(new Fault { Kind = Hit.ResetBeforeHeaders, Method = "PUT" });
        BridgeException exception = await FailAsync(() => WriteAsync("db", $$"""{"k":"{{Canary}}"}"""));
        Assert.Equal(FaultKind.OutcomeUnknown, exception.Kind);
        Assert.Equal(["PUT", "GET", "PUT", "GET"], Server.Requests.All.Select(request => request.Method));
    }

    [Fact]
    public async Task A_disconnected_backend_sends_nothing()
    {
        Backend.Disconnect();
        Assert.Equal(FaultKind.NotConnected, (await FailAsync(async () => await ReadAsync("db"))).Kind);
        Assert.Equal(FaultKind.NotConnected, Assert.Throws<BridgeException>(() => Backend.Open(SecretReference.Parse("scaivault://db"))).Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("canary two words")]
    public async Task What_can_be_no_token_is_refused_without_being_said(string token) =>
        Assert.Equal(FaultKind.TokenInvalid, (await FailAsync(() => Task.FromResult(Connect(options => options with { Token = Connection.Secure(token) })))).Kind);

    [Fact]
    public async Task A_certificate_of_nobody_known_is_refused()
    {
        await using DevScaiVaultServer secure = await DevScaiVaultServer.StartAsync(new() { Token = Server.Token, Tls = new() });
        await using ScaiVaultBackend backend = Connect(options => options with { Address = secure.Address.ToString() });
        Assert.Equal(FaultKind.TlsFailed, (await FailAsync(async () => await backend.Store.ReadAsync(SecretPath.Parse("db"), null, CancellationToken.None))).Kind);
    }

    [Fact]
    public void A_reference_names_the_root_with_and_without_a_backend()
    {
        Assert.Equal("scaivault://target@a/b", new StoreLocation(Store, SecretPath.Parse("a/b")).Uri);
        foreach (string text in new[] { "scaivault://", "scaivault://target@", "scaivault://a/b", "scaivault://target@a%23/b#key" })
        {
            Assert.Equal(text, SecretReference.Parse(text).ToString());
        }

        Assert.Equal("target", SecretReference.Parse("scaivault://target@").Backend);
    }
}
