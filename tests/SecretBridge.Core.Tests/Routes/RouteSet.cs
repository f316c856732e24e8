using SecretBridge.Reporting;
using SecretBridge.Routes;
using SecretBridge.Stores;
using SecretBridge.Tests.Clocks;
using SecretBridge.Tests.References;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Trees;

namespace SecretBridge.Tests.Routes;

/// <summary>An old and a new authority with a route from <c>external/**</c> to both.</summary>
internal sealed class RouteSet
{
    public const string Asked = "external/apps/db";

    public RouteSet(RouteMode mode, TimeSpan? fallback = null)
    {
        Old = new("old", Time);
        New = new("new", Time);
        Second = new("second", Time);
        Routes = new() { Pattern = "external/**", Target = ["vault://old/**"], NewTarget = ["vault://new/team/**"], Mode = mode, AllowFallbackUntil = Time.GetUtcNow() + fallback };
    }

    public ManualTime Time { get; } = new();

    public ProbedStore Old { get; }

    public ProbedStore New { get; }

    public ProbedStore Second { get; }

    public RecordingReporter Reporter { get; } = new();

    public RecordingAudit Audit { get; } = new();

    public SecretRoute Routes { get; set; }

    /// <summary>Fails to find a store, by the reference that means it.</summary>
    public Func<SecretReference, BridgeException?> Unfound { get; set; } = _ => null;

    public async Task<RouteSet> WithAsync(string? old = """{"value":"canary-old"}""", string? @new = """{"value":"canary-old"}""")
    {
        await (old is null ? Task.CompletedTask : Old.PutAsync("apps/db", old));
        await (@new is null ? Task.CompletedTask : New.PutAsync("team/apps/db", @new));
        return this;
    }

    public IStoreResolver Resolver() => new RoutedResolver(new Stores(this), new()
    {
        Table = RouteTable.Of([Routes]),
        Reporter = Reporter,
        Audit = Audit,
        Workflow = "nightly",
        Time = Time,
    });

    public async Task<SecretReading> ReadAsync(string reference = Asked, int? version = null)
    {
        StoreLocation location = await Resolver().ResolveAsync(SecretReference.Parse(reference), CancellationToken.None);
        return await location.Store.ReadAsync(location.Path, version, CancellationToken.None);
    }

    /// <summary>All that was said and told, in one text.</summary>
    public string Said() => string.Join('\n', Reporter.Warnings.Concat(Reporter.Messages)
        .Concat(Audit.Events.Select(told => $"{told} {string.Join(' ', told.Details.Select(detail => $"{detail.Key}={detail.Value}"))}")));

    public static BridgeException Down(SecretPath path) => new(FaultKind.Unreachable, path.Value, "It is down.");

    private sealed class Stores(RouteSet set) : IStoreResolver
    {
        public ValueTask<StoreLocation> ResolveAsync(SecretReference reference, CancellationToken cancellationToken) =>
            set.Unfound(reference) is { } failure ? throw failure : new StoreSet(set.Old, set.New, set.Second).ResolveAsync(reference, cancellationToken);
    }
}
