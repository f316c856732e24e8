using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Pipeline;
using SecretBridge.Reporting;
using SecretBridge.Stores.Snapshots;
using SecretBridge.Trees;

namespace SecretBridge.Commands;

/// <summary>Writes a tree with its versions and metadata into one encrypted file.</summary>
[Cmdlet(VerbsData.Export, "SecretSnapshot", DefaultParameterSetName = "Sealed", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(SnapshotSummary), typeof(SecretEntry))]
public sealed partial class ExportSecretSnapshot : AsyncCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing() => Run(() =>
    {
        string path = GetUnresolvedProviderPathFromPSPath(Path);
        string? key = KeyFile is null ? null : GetUnresolvedProviderPathFromPSPath(KeyFile);
        var argument = SnapshotArgument.Of(path, Passphrase, PassphraseEnv, key);

        // Whatever is wrong is told before anybody is asked for a passphrase.
        var options = new SnapshotExportOptions
        {
            Stores = Backends.Stores(Backend),
            Uri = Uri,
            File = new() { Path = path, Credential = argument.Credential!, Overwrite = Force },
            PlainFormat = AsPlainText ? Format : null,
            Version = VersionSelection.Parse(AsPlainText ? "Latest" : Version),
            Include = Include,
            Exclude = Exclude,
            AllowPartial = AllowPartial,
            ThrottleLimit = ThrottleLimit,
            Audit = Backends.Audit,
        };
        options.Validate();
        string what = $"Export {Uri} to '{path}'{(AsPlainText ? " in plain text" : "")}";
        if (Ask(what, what + "?") != Answer.Yes || (AsPlainText && !IsMeant(path)))
        {
            return;
        }

        Start(async () =>
        {
            if (!AsPlainText)
            {
                options = options with { File = await argument.FileAsync(Backends.SealedStore, isNew: true) with { Overwrite = Force } };
            }

            var export = new SnapshotExport(options, Reporter);
            await WriteRowsAsync(export.RunAsync(Cancellation));
            await WriteAsync(export.Summary);
        });
        Finish();
    });

    // Preferences do not count here: secrets in clear are asked about, or -Confirm says what is wanted.
    private bool IsMeant(string path)
    {
        if (MyInvocation.BoundParameters.ContainsKey("Confirm"))
        {
            return true;
        }

        try
        {
            return ShouldContinue($"All secrets below {Uri} will stand in '{path}' unencrypted, for everybody to read who gets that file. Continue?", "Secrets in plain text");
        }
        catch (Exception exception) when (SecretPrompt.NobodyAnswers(exception))
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(AsPlainText), "-AsPlainText asks first, and nobody can be asked here. Add -Confirm:$false where secrets in clear are meant.", exception);
        }
    }
}
