using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Pipeline;
using SecretBridge.Profiles;
using SecretBridge.Stores;
using SecretBridge.Values;

namespace SecretBridge.Commands;

/// <summary>Tests whether sealed profiles can be used as they are: shape, names, limits, references, tokens that have ended.</summary>
[Cmdlet(VerbsDiagnostic.Test, "SealedProfile")]
[OutputType(typeof(ProfileFinding), typeof(bool))]
public sealed class TestSealedProfile : ProfileCmdlet
{
    /// <summary>Leaves values that are references closed; only their form is tested.</summary>
    [Parameter]
    public SwitchParameter SkipReference { get; set; }

    /// <summary>Asks the connected server about values that look like Vault tokens. Each is sent there and uses itself once.</summary>
    [Parameter]
    public SwitchParameter CheckToken { get; set; }

    /// <summary>Writes true where profiles were tested and none has an error, else false, instead of the findings.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>The file with the routes that references go by; else that of SECRETBRIDGE_ROUTES, else none.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RoutePath { get; set; }

    /// <summary>The connection for references that name none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? Backend { get; set; }

    private protected override bool TakesAll => true;

    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<ProfileQuery>, Task> PrepareRun()
    {
        IStoreResolver stores = RoutedStores(Backend, RoutePath);
        VaultBackend? server = CheckToken ? Backends.Get(Backend) : null;
        var test = new ProfileTest(new()
        {
            Stores = stores,
            Resolve = SkipReference ? null : ReferenceValue.Of(stores),
            LookUpToken = server is null ? null : async (token, cancellationToken) => await server.LookUpTokenAsync(token, cancellationToken),
        });
        return async queries =>
        {
            await WriteRowsAsync(test.RunAsync(queries, Cancellation), row => WriteUnless(Quiet, row));
            if (Quiet)
            {
                await WriteAsync(test.IsClean);
            }
        };
    }
}
