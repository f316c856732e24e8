using System.Security.Cryptography.X509Certificates;
using SecretBridge.DevVault;
using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using SecretBridge.Wire;
using Xunit;
using BridgeException = SecretBridge.Reporting.BridgeException;
using FaultKind = SecretBridge.Reporting.FaultKind;
using ServerTls = SecretBridge.DevVault.TlsOptions;
using TlsOptions = SecretBridge.Wire.TlsOptions;

namespace SecretBridge.Tests.Wire.OnDevVault;

public sealed class TlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("secretbridge-tls-").FullName;
    private readonly RecordingReporter _reporter = new();

    [Fact]
    public async Task The_given_authority_is_trusted_and_the_certificates_end_is_known()
    {
        await using DevVaultServer server = await StartAsync(new ServerTls());
        await using VaultBackend backend = await ConnectAsync(server, new TlsOptions { CaFile = Ca(server) });
        Assert.InRange(backend.CertificateExpires!.Value, TimeProvider.System.GetUtcNow().AddDays(29), TimeProvider.System.GetUtcNow().AddDays(31));
        Assert.Equal("HTTP/2", server.Requests.All[0].Protocol);
        Assert.Empty(_reporter.Warnings);
    }

    [Fact]
    public async Task A_folder_of_authorities_does_as_well()
    {
        await using DevVaultServer server = await StartAsync(new ServerTls());
        Ca(server);
        await using VaultBackend backend = await ConnectAsync(server, new TlsOptions { CaFolder = _folder });
        Assert.NotNull(backend.ServerVersion);
    }

    [Fact]
    public async Task Without_its_authority_a_server_is_not_trusted()
    {
        await using DevVaultServer server = await StartAsync(new ServerTls());
        Assert.Equal(FaultKind.TlsFailed, await FailAsync(server, new TlsOptions()));
        Assert.Empty(server.Requests.All);
    }

    [Fact]
    public async Task Another_authority_replaces_the_systems_and_is_not_enough()
    {
        await using DevVaultServer server = await StartAsync(new ServerTls());
        await using DevVaultServer other = await StartAsync(new ServerTls());
        Assert.Equal(FaultKind.TlsFailed, await FailAsync(server, new TlsOptions { CaFile = Ca(other) }));
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_refused_though_its_authority_is_trusted()
    {
        await using DevVaultServer server = await StartAsync(new ServerTls { HostNames = ["vault.example"], OnlyHostNames = true });
        Assert.Equal(FaultKind.TlsFailed, await FailAsync(server, new TlsOptions { CaFile = Ca(server) }));
    }

    [Fact]
    public async Task The_servers_name_can_be_given_and_is_really_checked()
    {
        await using DevVaultServer server = await StartAsync(new ServerTls { HostNames = ["vault.example"], OnlyHostNames = true });
        await (await ConnectAsync(server, new TlsOptions { CaFile = Ca(server), ServerName = "vault.example" })).DisposeAsync();
        Assert.Equal(FaultKind.TlsFailed, await FailAsync(server, new TlsOptions { CaFile = Ca(server), ServerName = "other.example" }));
    }

    [Fact]
    public async Task A_name_that_matches_the_address_does_not_do_for_the_name_that_was_given()
    {
        await using DevVaultServer server = await StartAsync(new ServerTls());
        Assert.Equal(FaultKind.TlsFailed, await FailAsync(server, new TlsOptions { CaFile = Ca(server), ServerName = "other.example" }));
    }

    [Fact]
    public async Task An_expired_certificate_is_refused()
    {
        await using DevVaultServer server = await StartAsync(new ServerTls { Validity = TimeSpan.FromDays(-1) });
        Assert.Equal(FaultKind.TlsFailed, await FailAsync(server, new TlsOptions { CaFile = Ca(server) }));
    }

    [Fact]
    public async Task A_check_that_is_skipped_is_warned_of_each_time()
    {
        await using DevVaultServer server = await StartAsync(new ServerTls { HostNames = ["vault.example"], OnlyHostNames = true });
        await using VaultBackend backend = await ConnectAsync(server, new TlsOptions { SkipCertificateCheck = true });
        using (backend.ReportTo(_reporter))
        {
            await backend.ListMountsAsync(CancellationToken.None);
        }

        Assert.Equal(2, _reporter.Warnings.Count);
    }

    [Fact]
    public async Task A_check_that_is_skipped_is_warned_of_once_and_only_where_the_connection_is_used()
    {
        await using DevVaultServer server = await StartAsync(new ServerTls());
        await using VaultBackend backend = await ConnectAsync(server, new TlsOptions { SkipCertificateCheck = true });
        _reporter.Warnings.Clear();
        using (backend.ReportTo(_reporter))
        {
            Assert.Empty(_reporter.Warnings);
            await backend.ListMountsAsync(CancellationToken.None);
            await backend.ListMountsAsync(CancellationToken.None);
        }

        Assert.Contains("not checked", Assert.Single(_reporter.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_certificate_is_shown_as_PEM_or_PFX()
    {
        await using DevVaultServer server = await StartAsync(new ServerTls { RequireClientCertificate = true });
        X509Certificate2 client = server.ClientCertificate!;
        string pem = Write("client.crt", client.ExportCertificatePem()), key = Write("client.key", client.GetRSAPrivateKey()?.ExportPkcs8PrivateKeyPem() ?? client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        string pfx = Path.Combine(_folder, "client.pfx");
        await File.WriteAllBytesAsync(pfx, client.Export(X509ContentType.Pkcs12, "pw"));
        await (await ConnectAsync(server, new TlsOptions { CaFile = Ca(server), ClientCertificate = pem, ClientKey = key })).DisposeAsync();
        await (await ConnectAsync(server, new TlsOptions { CaFile = Ca(server), ClientCertificate = pfx, ClientKeyPassword = Connection.Secure("pw") })).DisposeAsync();
        Assert.Contains(await FailAsync(server, new TlsOptions { CaFile = Ca(server) }), new[] { FaultKind.TlsFailed, FaultKind.MalformedReply });
    }

    [Fact]
    public async Task Files_that_hold_no_certificate_are_named()
    {
        await using DevVaultServer server = await StartAsync(new ServerTls());
        string empty = Write("empty.pem", "");
        foreach (TlsOptions tls in new[] { new TlsOptions { CaFile = empty }, new TlsOptions { CaFile = "/no/such" }, new TlsOptions { ClientCertificate = empty } })
        {
            BridgeException exception = await Assert.ThrowsAnyAsync<BridgeException>(() => ConnectAsync(server, tls));
            Assert.Equal(FaultKind.TlsFailed, exception.Kind);
            Assert.Contains(tls.CaFile ?? tls.ClientCertificate!, exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_socket_file_is_an_address()
    {
        string socket = Path.Combine(_folder, "v.sock");
        await using DevVaultServer server = await DevVaultServer.StartAsync(new DevVaultOptions { UnixSocket = socket });
        await using VaultBackend backend = await ConnectAsync(server, new TlsOptions(), "unix://" + socket);
        Assert.Equal("unix://" + socket, backend.Address);
        Assert.NotEmpty(await backend.ListMountsAsync(CancellationToken.None));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Task<DevVaultServer> StartAsync(ServerTls tls) => DevVaultServer.StartAsync(new DevVaultOptions { Tls = tls, Listen = new Uri("https://127.0.0.1:0") });

    private Task<VaultBackend> ConnectAsync(DevVaultServer server, TlsOptions tls, string? address = null) => VaultBackend.ConnectAsync(
        new ConnectOptions { Name = "prod", Address = address ?? server.Address.ToString(), Auth = new TokenAuth(Connection.Secure(server.RootToken)), Tls = tls },
        _reporter, TimeProvider.System, CancellationToken.None);

    private async Task<FaultKind> FailAsync(DevVaultServer server, TlsOptions tls) =>
        (await Assert.ThrowsAnyAsync<BridgeException>(() => ConnectAsync(server, tls))).Kind;

    private string Ca(DevVaultServer server) => Write($"ca-{server.Address.Port}.pem", server.CaCertificatePem!);

    private string Write(string name, string text)
    {
        string file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }
}
