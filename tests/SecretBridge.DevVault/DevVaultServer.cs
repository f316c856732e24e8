using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace SecretBridge.DevVault;

/// <summary>A server that speaks Vault's HTTP API on loopback, holds everything in memory and fails on request.</summary>
public sealed partial class DevVaultServer : IAsyncDisposable
{
    private readonly DevVaultOptions _options;
    private readonly Cluster _cluster;
    private readonly Node _node;
    private readonly Certificates? _certificates;
    private WebApplication? _application;

    private DevVaultServer(DevVaultOptions options)
    {
        _options = options;
        _cluster = options.ActiveNode?._cluster ?? new Cluster(options);
        _node = new Node(_cluster, options, () => Address);
        _certificates = options.Tls is null ? null : new Certificates(options.Tls, TimeProvider.System.GetUtcNow());
        Requests = new RequestLog(options.RequestLogCapacity);
        Faults = new FaultList(options.Seed);
        if (options.AuditFile is { } file)
        {
            _cluster.Audit = new AuditLog("file", file, _cluster);
        }
    }

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public string RootToken => _cluster.RootToken.Id;

    /// <summary>The same on each node of a cluster.</summary>
    public string ClusterId => _cluster.Id;

    public VaultFlavour Flavour => _cluster.Flavour;

    public RequestLog Requests { get; }

    public FaultList Faults { get; }

    public NodeState State
    {
        get => _node.State;
        set => _node.State = value;
    }

    /// <summary>The CA that a client has to trust; null without TLS.</summary>
    public string? CaCertificatePem => _certificates?.Authority.ExportCertificatePem();

    /// <summary>A certificate that the server accepts from a client, with its key; null without TLS.</summary>
    public X509Certificate2? ClientCertificate => _certificates?.Client;

    public static async Task<DevVaultServer> StartAsync(DevVaultOptions? options = null, CancellationToken cancellationToken = default)
    {
        var server = new DevVaultServer(options ?? new DevVaultOptions());
        await server.ListenAsync(cancellationToken).ConfigureAwait(false);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is { } application)
        {
            _application = null;
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            await application.StopAsync(soon.Token).ConfigureAwait(false);
            await application.DisposeAsync().ConfigureAwait(false);
        }
        _certificates?.Dispose();
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(Configure);
        if (_certificates is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }
        _application = builder.Build();
        var handler = new RequestHandler(this, _cluster, _node, _options);
        _application.Run(handler.HandleAsync);
        await _application.StartAsync(cancellationToken).ConfigureAwait(false);
        Address = _options.UnixSocket is { } socket
            ? new Uri("unix://" + socket)
            : new Uri(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    private void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MaxRequestLineSize = 64 * 1024;
        if (_options.UnixSocket is { } socket)
        {
            kestrel.ListenUnixSocket(socket);
            return;
        }
        IPAddress address = IPAddress.TryParse(_options.Listen.Host.Trim('[', ']'), out IPAddress? parsed) ? parsed : IPAddress.Loopback;
        kestrel.Listen(address, _options.Listen.Port, Secure);
    }

    private void Secure(ListenOptions listen)
    {
        listen.Protocols = _certificates is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
        if (_certificates is null)
        {
            return;
        }
        listen.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = _certificates.Server,
            SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificateMode = _options.Tls!.RequireClientCertificate ? ClientCertificateMode.RequireCertificate : ClientCertificateMode.NoCertificate,
            ClientCertificateValidation = (certificate, _, _) => certificate.Issuer == _certificates.Authority.Subject,
        });
    }
}
