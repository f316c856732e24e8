using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace SecretBridge.DevVault;

/// <summary>
/// A stand-in for ScaiVault on loopback. It answers what ScaiVault's migration guide documents and nothing else: any other
/// request is refused and remembered in <see cref="Undocumented"/>.
/// </summary>
public sealed class DevScaiVaultServer : IAsyncDisposable
{
    private readonly DevScaiVaultOptions _options;
    private readonly Certificates? _certificates;
    private WebApplication? _application;

    private DevScaiVaultServer(DevScaiVaultOptions options)
    {
        _options = options;
        _certificates = options.Tls is null ? null : new Certificates(options.Tls, TimeProvider.System.GetUtcNow());
        Token = options.Token ?? "scai-" + Guid.NewGuid().ToString("N");
    }

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public string Token { get; }

    public RequestLog Requests { get; } = new(50_000);

    public FaultList Faults { get; } = new(1);

    /// <summary>The CA that a client has to trust; null without TLS.</summary>
    public string? CaCertificatePem => _certificates?.Authority.ExportCertificatePem();

    /// <summary>Each request that the guide knows nothing of, as method and target.</summary>
    public ConcurrentQueue<string> Undocumented { get; } = new();

    public ConcurrentDictionary<string, ScaiVaultSecret> Secrets { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, ScaiVaultBackendRecord> Backends { get; } = new(StringComparer.Ordinal);

    /// <summary>What <c>audit/logs</c> tells, each a JSON object with an identity_id and a timestamp.</summary>
    public ConcurrentQueue<string> AuditLog { get; } = new();

    public static async Task<DevScaiVaultServer> StartAsync(DevScaiVaultOptions? options = null, CancellationToken cancellationToken = default)
    {
        var server = new DevScaiVaultServer(options ?? new DevScaiVaultOptions());
        await server.ListenAsync(cancellationToken).ConfigureAwait(false);
        return server;
    }

    /// <summary>Plants a secret past the API.</summary>
    public void Put(string path, string json)
    {
        using JsonDocument _ = JsonDocument.Parse(json);
        Secrets[path] = new() { Versions = [json] };
    }

    /// <summary>The latest payload of a secret; null where there is none.</summary>
    public string? Read(string path) => Secrets.GetValueOrDefault(path)?.Json;

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
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, _options.Listen.Port, Secure);
        });
        if (_certificates is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }
        _application = builder.Build();
        _application.Run(new ScaiVaultHandler(this).HandleAsync);
        await _application.StartAsync(cancellationToken).ConfigureAwait(false);
        Address = new Uri(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    private void Secure(ListenOptions listen)
    {
        if (_certificates is not null)
        {
            listen.UseHttps(_certificates.Server);
        }
    }
}
