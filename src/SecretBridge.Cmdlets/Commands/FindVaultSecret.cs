using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Inventory;
using SecretBridge.Pipeline;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Trees;

namespace SecretBridge.Commands;

/// <summary>Finds secrets by path, key name, metadata, age or value, and values that several secrets share. Shows no value.</summary>
[Cmdlet(VerbsCommon.Find, "VaultSecret", DefaultParameterSetName = "Names")]
[OutputType(typeof(FoundSecret), ParameterSetName = ["Names", "Value", "Pattern"])]
[OutputType(typeof(SecretDuplicate), ParameterSetName = ["Duplicate"])]
public sealed partial class FindVaultSecret : InventoryCmdlet
{
    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<TreeItem>, Task>? Prepare()
    {
        var options = new FindOptions
        {
            Stores = Backends.Stores(Backend),
            Include = Include,
            Exclude = Exclude,
            Match = Match,
            KeyName = KeyName,
            CustomMetadata = TagPairs.Of(CustomMetadata, nameof(CustomMetadata)),
            OlderThan = OlderThan,
            NewerThan = NewerThan,
            NeverUpdated = NeverUpdated,
            Value = Value is null ? null : SealedValue.FromSecureString(Value),
            ValuePattern = ValuePattern,
            WholeSecret = WholeSecret,
            MinimumLength = MinimumLength,
            ThrottleLimit = ThrottleLimit,
        };

        // Refused before anybody is asked.
        _ = new SecretSearch(options, Reporter);
        SnapshotArgument? snapshot = Snapshot;
        if ((Value is not null || ValuePattern is not null || Duplicate) && !IsMeant())
        {
            WriteWarning("No value was read and nothing was searched.");
            return null;
        }

        // What could not be read is an error and no finding: the next cmdlet may be one that removes.
        return Over(snapshot, options.Stores, (stores, roots) =>
        {
            var search = new SecretSearch(options with { Stores = stores }, Reporter);
            return Duplicate
                ? WriteRowsAsync(search.FindDuplicatesAsync(roots, Cancellation), row => WriteUnless(row.Fault is not null, row))
                : WriteRowsAsync(search.RunAsync(roots, Cancellation), row => WriteUnless(row.Fault is not null, row));
        });
    }

    private bool IsMeant()
    {
        if (Force)
        {
            return true;
        }

        if (SecretPrompt.ReadsFromFile(Host))
        {
            throw Unasked(null);
        }

        try
        {
            return ShouldContinue(
                "Every secret that the other parameters do not rule out is read with its values, as the server's audit log will show. None of them is shown. Continue?", "Read values");
        }
        catch (Exception exception) when (SecretPrompt.NobodyAnswers(exception))
        {
            throw Unasked(exception);
        }
    }

    private static BridgeException Unasked(Exception? exception) =>
        new(FaultKind.InvalidArgument, nameof(Force), "Reading values is asked about first, and nobody can be asked here. Add -Force where it is meant.", exception);
}
