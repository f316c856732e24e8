using System.Management.Automation;
using SecretBridge.Health;
using SecretBridge.Pipeline;
using SecretBridge.Policies;
using SecretBridge.Profiles;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Trees;
using SecretBridge.Values;

namespace SecretBridge.Commands;

/// <summary>Makes the smallest policy for each side of an operation, ready for vault policy write.</summary>
[Cmdlet(VerbsCommon.New, "VaultPolicy", DefaultParameterSetName = UriSet)]
[OutputType(typeof(VaultPolicy))]
public sealed partial class NewVaultPolicy : StreamCmdlet<PolicyItem>
{
    private const string UriSet = "Uri";
    private const string PlanSet = "Plan";

    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<PolicyItem>, Task> Prepare()
    {
        var maker = new PolicyMaker(
            new()
            {
                SourceStores = Backends.Stores(SourceBackend),
                DestinationStores = Backends.Stores(DestinationBackend),
                Name = Name,
                NoVerify = NoVerify,
                Renew = Renew,
                NoScan = NoScan,
                IncludeOptional = IncludeOptional,
                AllowWider = AllowWider,
            },
            Reporter);
        return async items =>
        {
            foreach (VaultPolicy policy in await maker.RunAsync(items, Cancellation))
            {
                await WriteAsync(policy);
            }
        };
    }

    /// <inheritdoc/>
    private protected override IEnumerable<PolicyItem> Take() => (Plan ?? InputObject)?.BaseObject switch
    {
        null => Given(),
        IFaultRow { Fault: { } fault } => throw fault,
        ComparisonSummary summary => [Item(PolicyOperation.Compare, summary.ReferenceUri, summary.DifferenceUri)],
        SealedProfile profile => ProfilePolicy.Items(profile),
        VaultHealth health => [Health(health)],
        string uri when Plan is null => [Item(PolicyOperation.Read, uri, DestinationUri)],
        _ when Plan is not null || InputObject!.TypeNames.Any(name => name.EndsWith(typeof(CopyPlan).FullName!, StringComparison.Ordinal)) => Planned((Plan ?? InputObject)!),
        _ when InputObject!.Properties["Uri"]?.Value is string uri => [Item(PolicyOperation.Read, uri, DestinationUri)],
        var other => throw new BridgeException(FaultKind.InvalidArgument, nameof(InputObject), $"A {other.GetType().Name} was piped, which names nothing that a policy could be for."),
    };

    private IEnumerable<PolicyItem> Given() => SourceUri.Length > 0
        ? SourceUri.Select(uri => Item(null, uri, DestinationUri))
        : [Item(null, null, DestinationUri)];

    private PolicyItem Health(VaultHealth health)
    {
        PolicyItem item = Item(PolicyOperation.Health, null, null) with { Backend = Backends.Registry.Get(health.Backend) };
        return health.Path is null ? item : item with { SourceUri = SecretReference.Create("vault", health.Backend, SecretReference.Parse(health.Path).Path).ToString() };
    }

    private PolicyItem Item(PolicyOperation? usual, string? source, string? destination) => new()
    {
        For = MyInvocation.BoundParameters.ContainsKey(nameof(For)) ? For
            : usual ?? throw new BridgeException(FaultKind.InvalidArgument, nameof(For), "Say with -For what the policy is to allow."),
        SourceUri = source,
        DestinationUri = destination,
        Backend = source is null && For == PolicyOperation.Health ? Backends.Get(SourceBackend) : null,
        IsTree = source?.EndsWith('/') == true,
        Detail = Detail(),
    };

    private IEnumerable<PolicyItem> Planned(PSObject given) => PlannedPolicy.Items(
        PlanInput.Read(given, GetUnresolvedProviderPathFromPSPath, InvokeCommand),
        new()
        {
            SourceStores = Backends.Stores(SourceBackend),
            DestinationStores = Backends.Stores(DestinationBackend),
            DestinationUri = "",
            Verify = Verify,
        });
}
