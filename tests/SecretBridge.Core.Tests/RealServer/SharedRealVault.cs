using Xunit;

namespace SecretBridge.Tests.RealServer;

/// <summary>Tests that share one real server.</summary>
[CollectionDefinition(Name)]
public sealed class SharedRealVault : ICollectionFixture<RealVault>
{
    public const string Name = "real server";
}
