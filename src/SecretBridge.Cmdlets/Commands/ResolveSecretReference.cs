using System.Collections.Specialized;
using System.Management.Automation;
using System.Security;
using SecretBridge.Backends;
using SecretBridge.Pipeline;
using SecretBridge.References;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Values;

namespace SecretBridge.Commands;

/// <summary>Finds the value that a reference leads to, and keeps it in memory until it is due.</summary>
[Cmdlet(VerbsDiagnostic.Resolve, "SecretReference", DefaultParameterSetName = "Uri")]
[OutputType(typeof(ResolvedSecret), typeof(OrderedDictionary), typeof(string), typeof(SecureString))]
public sealed partial class ResolveSecretReference : StreamCmdlet<ResolveItem>
{
    private ReferenceTemplate? _template;

    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<ResolveItem>, Task> Prepare()
    {
        if ((AsPlainText ? 1 : 0) + (AsSecureString ? 1 : 0) + (AsHashtable ? 1 : 0) > 1)
        {
            throw new BridgeException(FaultKind.InvalidArgument, "As", "Give one of -AsPlainText, -AsSecureString and -AsHashtable.");
        }

        _template = Template is null ? null : ReferenceTemplate.Parse(Template);
        var resolve = new ReferenceResolve(
            new()
            {
                Stores = RoutedStores(Backend, RoutePath),
                Cache = NoCache ? null : RunspaceReferences.Of(Backends.Registry),
                Key = Key,
                AllowStale = AllowStale,
                Audit = Backends.Audit,
                ThrottleLimit = ThrottleLimit,
            },
            Reporter);
        return items => WriteRowsAsync(resolve.RunAsync(items, Cancellation), Write, "Resolving references");
    }

    /// <inheritdoc/>
    private protected override IEnumerable<ResolveItem> Take() => _template is { } template
        ? Each(Value, given => template.Fill(name => TemplateValues.Text(given, name)))
        : Uri.Select(uri => new ResolveItem(uri));

    /// <inheritdoc/>
    private protected override string? Hint(BridgeException fault) => LiteralUri.Hint(fault);

    private void Write(ResolvedSecret secret)
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
            OpenAll(secret, value => value);
        }
        else
        {
            WriteObject(secret);
        }
    }

    private void Open(ResolvedSecret secret, Func<SealedValue, object?> open)
    {
        if (secret.Value is { } value)
        {
            WriteObject(open(value), enumerateCollection: false);
        }
        else
        {
            OpenAll(secret, open);
        }
    }

    private void OpenAll(ResolvedSecret secret, Func<SealedValue, object?> open)
    {
        if (secret.ByKey is { } values)
        {
            WriteObject(OpenedValues.Table(values, open));
        }
    }
}
