using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Pipeline;
using SecretBridge.Routes;
using SecretBridge.Stores;
using SecretBridge.Values;

namespace SecretBridge.Commands;

/// <summary>Tests where references go by the routes, and why. No value is read.</summary>
[Cmdlet(VerbsDiagnostic.Test, "SecretRoute")]
[OutputType(typeof(RouteTestResult))]
public sealed class TestSecretRoute : StreamCmdlet<string>
{
    /// <summary>The references, as consumers write them.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Uri")]
    [ReferenceText]
    public string[] Reference { get; set; } = [];

    /// <summary>The route file; else that of SECRETBRIDGE_ROUTES.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Asks both authorities by metadata whether they have the secret.</summary>
    [Parameter]
    public SwitchParameter Probe { get; set; }

    /// <summary>The connection for targets that name none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? Backend { get; set; }

    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<string>, Task> Prepare()
    {
        RouteTable table = RouteFile.Load(RouteUse.Need(Path is null ? null : GetUnresolvedProviderPathFromPSPath(Path))).Table;
        var test = new RouteTest(table, Probe ? Backends.Stores(Backend) : null, TimeProvider.System);
        return references => WriteRowsAsync(BoundedPipe.SelectAsync(references, 16, test.RunAsync, Cancellation));
    }

    /// <inheritdoc/>
    private protected override IEnumerable<string> Take() => Reference;
}
