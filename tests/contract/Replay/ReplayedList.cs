using SecretBridge.DevVault;
using Xunit;

namespace SecretBridge.Contract.Tests;

/// <summary>A whole list, sent once to DevVault in the recorded order; each test then looks at one exchange.</summary>
public abstract class ReplayedList(string name, VaultFlavour flavour) : IAsyncLifetime
{
    private readonly Dictionary<string, IReadOnlyList<string>> _differences = new(StringComparer.Ordinal);

    public IReadOnlyList<string> DifferencesOf(string exchange) => _differences[exchange];

    public async Task InitializeAsync()
    {
        foreach (IGrouping<string, Exchange> part in ExchangeList.Load(name).GroupBy(exchange => exchange.Server))
        {
            await ReplayAsync(part.Key, part);
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private async Task ReplayAsync(string serverName, IEnumerable<Exchange> exchanges)
    {
        var time = new ManualTime();
        string auditFile = Path.GetTempFileName();
        var options = new DevVaultOptions { Flavour = flavour, Time = time, WithSecretMount = serverName != "bare" };
        await using DevVaultServer active = await DevVaultServer.StartAsync(options);
        await using DevVaultServer asked = serverName == "standby"
            ? await DevVaultServer.StartAsync(options with { ActiveNode = active })
            : await DevVaultServer.StartAsync(options);
        asked.State = serverName switch
        {
            "uninitialised" => NodeState.Uninitialised,
            "sealed" => NodeState.Sealed,
            "standby" => NodeState.Standby,
            "leaderless" => NodeState.Leaderless,
            _ => NodeState.Active,
        };
        using var conversation = new Conversation(
            asked.Address, asked.RootToken, [new("active", active.Address.GetLeftPart(UriPartial.Authority)), new("audit_file", auditFile)]);
        foreach (Exchange exchange in exchanges)
        {
            time.Advance(exchange.Wait + TimeSpan.FromMilliseconds(1));
            Answer answer = await conversation.SendAsync(exchange);
            _differences[exchange.Name] = BodyPattern.Differences(exchange.Expect, answer, conversation.Fill);
        }
        File.Delete(auditFile);
    }
}
