using Xunit;

namespace SecretBridge.Contract.Tests;

public sealed class VaultContractTests(VaultExchanges replayed) : IClassFixture<VaultExchanges>
{
    public static TheoryData<string> Recorded => [.. ExchangeList.Load("vault-1.8").Select(exchange => exchange.Name)];

    [Theory]
    [MemberData(nameof(Recorded))]
    public void DevVault_answers_as_the_recorded_server_did(string exchange) => Assert.Empty(replayed.DifferencesOf(exchange));
}
