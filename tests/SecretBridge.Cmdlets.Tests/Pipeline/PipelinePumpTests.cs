using SecretBridge.Pipeline;
using Xunit;

namespace SecretBridge.Tests.Pipeline;

public class PipelinePumpTests
{
    private readonly PipelinePump _pump = new();

    [Fact]
    public void Steps_run_in_order_on_the_thread_that_waits()
    {
        var seen = new List<(int Step, int Thread)>();
        Task work = Task.Run(async () =>
        {
            foreach (int step in Enumerable.Range(0, 20))
            {
                await _pump.InvokeAsync(() => seen.Add((step, Environment.CurrentManagedThreadId)));
            }
        });
        _pump.RunUntil(work);
        Assert.Equal(Enumerable.Range(0, 20).Select(step => (step, Environment.CurrentManagedThreadId)), seen);
    }

    [Fact]
    public void What_the_work_queued_last_is_run_too()
    {
        int run = 0;
        _pump.RunUntil(Task.Run(() =>
        {
            _pump.Post(() => run++);
            _pump.Post(() => run++);
        }));
        Assert.Equal(2, run);
    }

    [Fact]
    public async Task Nothing_runs_before_the_pipeline_thread_comes_and_the_writer_waits_so_long()
    {
        Task<int> answer = _pump.InvokeAsync(() => 42);
        Assert.False(answer.IsCompleted);
        _pump.RunPending();
        Assert.Equal(42, await answer);
    }

    [Fact]
    public async Task A_step_that_throws_cancels_the_work_and_its_exception_comes_out_after_the_work_has_ended()
    {
        bool ended = false;
        Task<Exception?>? refused = null;
        Task work = Task.Run(async () =>
        {
            try
            {
                await Assert.ThrowsAsync<OperationCanceledException>(() => _pump.InvokeAsync(() => throw new InvalidDataException("from Write")));
                Assert.True(_pump.Cancellation.IsCancellationRequested);
                refused = Record.ExceptionAsync(() => _pump.InvokeAsync(() => Assert.Fail("no step may run any more")))!;
                await refused;
            }
            finally
            {
                ended = true;
            }
        });
        Assert.Equal("from Write", Assert.Throws<InvalidDataException>(() => _pump.RunUntil(work)).Message);
        Assert.True(ended);
        Assert.IsType<OperationCanceledException>(await refused!);
    }

    [Fact]
    public void A_failure_of_the_work_comes_out_as_it_is()
    {
        Assert.Throws<InvalidDataException>(() => _pump.RunUntil(Task.Run(() => throw new InvalidDataException())));
        Assert.Throws<OperationCanceledException>(() => _pump.RunUntil(Task.FromCanceled(new CancellationToken(true))));
    }

    [Fact]
    public void Cancelling_from_another_thread_ends_work_that_listens()
    {
        Task work = Task.Run(() => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _pump.Cancellation));
        _ = Task.Run(_pump.Cancel);
        Assert.ThrowsAny<OperationCanceledException>(() => _pump.RunUntil(work));
    }

    [Fact]
    public void Abandoning_runs_no_step_and_returns_when_the_work_has_ended()
    {
        bool ran = false;
        bool ended = false;
        Task work = Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    await _pump.InvokeAsync(() => ran = true);
                }
            }
            finally
            {
                ended = true;
            }
        });
        _pump.Abandon(work);
        Assert.True(ended);
        Assert.False(ran);
    }

    [Fact]
    public void One_pump_can_run_inside_a_step_of_another()
    {
        var inner = new PipelinePump();
        var seen = new List<string>();
        _pump.RunUntil(Task.Run(() => _pump.InvokeAsync(() =>
        {
            seen.Add("outer");
            inner.RunUntil(Task.Run(() => inner.InvokeAsync(() => seen.Add("inner"))));
        })));
        Assert.Equal(["outer", "inner"], seen);
    }
}
