using System.Collections.Specialized;
using System.Management.Automation;
using System.Security;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Pipeline;
using SecretBridge.Reporting;
using SecretBridge.Secrets;
using SecretBridge.Stores;
using SecretBridge.Values;

namespace SecretBridge.Commands;

/// <summary>Reads secrets. Their values stay sealed unless they are asked for.</summary>
[Cmdlet(VerbsCommon.Get, "VaultSecret", DefaultParameterSetName = "Sealed")]
[OutputType(typeof(VaultSecret), ParameterSetName = ["Sealed"])]
[OutputType(typeof(OrderedDictionary), typeof(string), ParameterSetName = ["PlainText"])]
[OutputType(typeof(OrderedDictionary), typeof(SecureString), ParameterSetName = ["SecureString"])]
[OutputType(typeof(OrderedDictionary), ParameterSetName = ["Hashtable"])]
public sealed class GetVaultSecret : StreamCmdlet<SecretItem>
{
    /// <summary>The secrets; with #key only that value of one.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ReferenceText]
    [ArgumentCompleter(typeof(UriCompleter))]
    public string[] Uri { get; set; } = [];

    /// <summary>The version to read where a reference names none.</summary>
    [Parameter]
    public int? Version { get; set; }

    /// <summary>Writes the values in clear, by key; with #key the one value.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "PlainText")]
    public SwitchParameter AsPlainText { get; set; }

    /// <summary>Writes the values as secure strings, by key; with #key the one value.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "SecureString")]
    public SwitchParameter AsSecureString { get; set; }

    /// <summary>Writes the sealed values by key, without what is known of the secret.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Hashtable")]
    public SwitchParameter AsHashtable { get; set; }

    /// <summary>The connection for references that name none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? Backend { get; set; }

    /// <summary>How many reads may be in flight.</summary>
    [Parameter]
    public int ThrottleLimit { get; set; } = 16;

    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<SecretItem>, Task> Prepare()
    {
        var read = new SecretRead(new() { Stores = Backends.Stores(Backend), Version = Version, ThrottleLimit = ThrottleLimit });
        return items => WriteRowsAsync(read.RunAsync(items, Cancellation), Write);
    }

    /// <inheritdoc/>
    private protected override IEnumerable<SecretItem> Take() => Uri.Select(uri => new SecretItem(uri));

    /// <inheritdoc/>
    private protected override string? Hint(BridgeException fault) => LiteralUri.Hint(fault);

    private void Write(VaultSecret secret)
    {
        if (AsPlainText)
        {
            Open(secret, value => value.RevealObject());
        }
        else if (AsSecureString)
        {
            Open(secret, value => value.ToSecureString());
        }
        else if (AsHashtable)
        {
            Open(secret, value => value);
        }
        else
        {
            WriteObject(secret);
        }
    }

    private void Open(VaultSecret secret, Func<SealedValue, object?> open)
    {
        if (secret.Data is { } data)
        {
            WriteObject(secret.Key is { } key ? open(data[key]) : OpenedValues.Table(data, open), enumerateCollection: false);
        }
    }
}
