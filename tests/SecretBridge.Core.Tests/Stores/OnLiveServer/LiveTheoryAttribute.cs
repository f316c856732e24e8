using Xunit;

namespace SecretBridge.Tests.Stores.OnLiveServer;

/// <summary>A theory that is skipped where there is no real server to test on.</summary>
public sealed class LiveTheoryAttribute : TheoryAttribute
{
    public LiveTheoryAttribute()
    {
        if (!LiveServer.IsAvailable)
        {
            Skip = "Neither vault nor bao is on the path, and SECRETBRIDGE_TEST_ADDR and SECRETBRIDGE_TEST_TOKEN are not set.";
        }
    }
}
