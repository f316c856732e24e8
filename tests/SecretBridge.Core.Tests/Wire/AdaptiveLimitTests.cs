using SecretBridge.Wire;
using Xunit;

namespace SecretBridge.Tests.Wire;

public class AdaptiveLimitTests
{
    [Fact]
    public void Over_a_slow_network_the_limit_grows_until_the_server_is_busy()
    {
        // Forty milliseconds for each item and a server that does one in a millisecond: forty keep it busy.
        int limit = Settle(new AdaptiveLimit(256), items: 20_000, inFlight => Math.Max(40, inFlight));
        Assert.InRange(limit, 40, 80);
    }

    [Fact]
    public void On_a_server_that_is_busy_at_once_the_limit_stays_small()
    {
        int limit = Settle(new AdaptiveLimit(256), items: 20_000, inFlight => inFlight);
        Assert.InRange(limit, 8, 32);
    }

    [Fact]
    public void The_limit_never_passes_what_was_allowed() =>
        Assert.Equal(64, Settle(new AdaptiveLimit(64), items: 20_000, _ => 40));

    [Fact]
    public void A_server_that_asks_for_less_gets_half_at_once_and_again_only_after_a_window()
    {
        var limit = new AdaptiveLimit(256);
        limit.Press();
        limit.Press();
        Assert.Equal(8, limit.Limit);
        Settle(limit, items: 8, _ => 40);
        limit.Press();
        Assert.Equal(4, limit.Limit);
    }

    [Fact]
    public void A_server_that_keeps_asking_for_less_still_gets_one()
    {
        var limit = new AdaptiveLimit(256);
        for (int i = 0; i < 100; i++)
        {
            limit.Press();
            Settle(limit, items: limit.Limit, _ => 40);
        }

        Assert.Equal(1, limit.Limit);
    }

    [Fact]
    public void After_the_pressure_the_limit_grows_again()
    {
        var limit = new AdaptiveLimit(256);
        limit.Press();
        Assert.InRange(Settle(limit, items: 20_000, inFlight => Math.Max(40, inFlight)), 40, 80);
    }

    [Fact]
    public void A_network_that_becomes_slower_is_not_taken_for_a_busy_server_for_ever()
    {
        var limit = new AdaptiveLimit(256);
        Settle(limit, items: 20_000, inFlight => Math.Max(10, inFlight));
        Assert.InRange(Settle(limit, items: 40_000, inFlight => Math.Max(100, inFlight)), 100, 160);
    }

    // A model of a server: the limit is always used up, and each item takes as long as the model says of that many, in milliseconds.
    // The first of them comes before the others have arrived, and finds an idle server.
    private static int Settle(AdaptiveLimit limit, int items, Func<int, double> duration)
    {
        limit.Record(TimeSpan.FromMilliseconds(duration(1)));
        for (int i = 1; i < items; i++)
        {
            int inFlight = limit.Limit;
            limit.Record(TimeSpan.FromMilliseconds(i % 500 == 0 ? duration(1) : duration(inFlight)));
        }

        return limit.Limit;
    }
}
