using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Federation;
using SecretBridge.Pipeline;
using SecretBridge.Stores;

namespace SecretBridge.Commands;

/// <summary>Reads from ScaiVault's audit log what an identity has done.</summary>
[Cmdlet(VerbsCommon.Get, "ScaiVaultAuditEvent")]
[OutputType(typeof(ScaiVaultAuditEvent))]
public sealed class GetScaiVaultAuditEvent : AsyncCmdlet
{
    /// <summary>The identity.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string IdentityId { get; set; } = "";

    /// <summary>The earliest time.</summary>
    [Parameter]
    public DateTime? From { get; set; }

    /// <summary>The connection to ScaiVault; the current one where none is given.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ScaiVaultCompleter))]
    [ValidateNotNull]
    public ScaiVaultArgument? Backend { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing() => Run(() =>
    {
        ScaiVaultBackend backend = Backends.GetScaiVault(Backend);
        Start(async () =>
        {
            foreach (ScaiVaultAuditEvent entry in await new ScaiVaultAudit(backend).ReadAsync(IdentityId, From is { } from ? new DateTimeOffset(from) : null, Cancellation))
            {
                await WriteAsync(entry);
            }
        });
        Finish();
    });
}
