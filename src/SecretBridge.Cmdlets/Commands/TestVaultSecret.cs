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

/// <summary>Tells whether a submitted value is the stored one, compared in constant time.</summary>
[Cmdlet(VerbsDiagnostic.Test, "VaultSecret")]
[OutputType(typeof(bool))]
public sealed class TestVaultSecret : StreamCmdlet<SecretItem>
{
    /// <summary>The secrets; with #key that value of one.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ReferenceText]
    [ArgumentCompleter(typeof(UriCompleter))]
    public string[] Uri { get; set; } = [];

    /// <summary>The submitted value.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    public SecureString? Value { get; set; }

    /// <summary>The key where a reference names none; without it the primary one.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Key { get; set; }

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
        var test = new SecretTest(new() { Stores = Backends.Stores(Backend), Value = SealedValue.FromSecureString(Value!), Key = Key, ThrottleLimit = ThrottleLimit });
        return items => WriteRowsAsync(test.RunAsync(items, Cancellation), Write);
    }

    /// <inheritdoc/>
    private protected override IEnumerable<SecretItem> Take() => Uri.Select(uri => new SecretItem(uri));

    /// <inheritdoc/>
    private protected override string? Hint(BridgeException fault) => LiteralUri.Hint(fault);

    // What is not there is an error and no answer: false would say that it is there and differs.
    private void Write(SecretMatch match)
    {
        if (match.IsMatch is { } isMatch)
        {
            WriteObject(isMatch);
        }
    }
}
