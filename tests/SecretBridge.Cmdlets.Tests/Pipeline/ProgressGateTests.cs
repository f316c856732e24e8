using SecretBridge.Pipeline;
using SecretBridge.Reporting;
using SecretBridge.Tests.Clocks;
using Xunit;

namespace SecretBridge.Tests.Pipeline;

public class ProgressGateTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void A_run_of_less_than_a_second_shows_nothing_not_even_its_end()
    {
        var gate = new ProgressGate(_time);
        _time.Advance(TimeSpan.FromMilliseconds(900));
        Assert.False(gate.Admit(Report()));
        Assert.False(gate.Admit(Report(completed: true)));
    }

    [Fact]
    public void A_longer_run_shows_at_most_five_reports_a_second()
    {
        var gate = new ProgressGate(_time);
        _time.Advance(TimeSpan.FromSeconds(1));
        int shown = 0;
        for (int i = 0; i < 1000; i++)
        {
            shown += gate.Admit(Report()) ? 1 : 0;
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(5, shown);
    }

    [Fact]
    public void The_end_of_what_was_shown_is_always_shown()
    {
        var gate = new ProgressGate(_time);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(gate.Admit(Report()));
        Assert.True(gate.Admit(Report(completed: true)));
    }

    private static ProgressReport Report(bool completed = false) => new("Copying", "", 1, null, 1, null, completed);
}
