using Xunit;

namespace SecretBridge.Contract.Tests;

public sealed class OpenBaoContractTests(OpenBaoExchanges replayed) : IClassFixture<OpenBaoExchanges>
{
    public static TheoryData<string> Recorded => [.. ExchangeList.Load("openbao-2.5").Select(exchange => exchange.Name)];

    [Theory]
    [MemberData(nameof(Recorded))]
    public void DevVault_answers_as_the_recorded_server_did(string exchange) => Assert.Empty(replayed.DifferencesOf(exchange));
}
