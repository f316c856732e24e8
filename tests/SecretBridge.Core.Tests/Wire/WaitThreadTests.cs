using System.Net;
using System.Net.Sockets;
using System.Text;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Trees;
using SecretBridge.Wire;
using Xunit;

namespace SecretBridge.Tests.Wire;

public sealed class WaitThreadTests
{
    // A safety net alone: nothing here takes that long.
    private static readonly TimeSpan Net = TimeSpan.FromMinutes(1);

    private static readonly VaultRequest Read = KvRequests.ReadV2("kv", "app", null);

    private static readonly string Written = RawServer.Json(200, """{"data":{"version":1}}""");

    private static readonly string Secret = RawServer.Json(200, """{"data":{"data":{"a":"canary-a"},"metadata":{"version":1}}}""");

    [Fact]
    public async Task One_of_many_items_goes_on_where_its_reply_was_waited_for()
    {
        await using var server = new RawServer(Secret);
        using var connection = new Connection(server.Address);

        // A reply that is there when it is asked for is not waited for at all, and on a busy machine that may be so for many.
        bool isOwn = false;
        for (int round = 0; round < 100 && !isOwn; round++)
        {
            int count = 0;
            await foreach (bool own in BoundedPipe.SelectAsync(Enumerable.Range(0, 20).ToAsync(), 4, (_, stop) => OwnAsync(connection, stop), CancellationToken.None))
            {
                isOwn |= own;
                count++;
            }

            Assert.Equal(20, count);
        }

        Assert.True(isOwn);
    }

    [Fact]
    public async Task What_an_item_asks_is_answered_before_it_goes_on_once_it_has_a_connection()
    {
        int arrived = 0;
        var together = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new RawServer((_, request) => request.StartsWith("POST", StringComparison.Ordinal) ? Written : Secret)
        {
            Before = _ =>
            {
                if (Interlocked.Increment(ref arrived) == 4)
                {
                    together.SetResult();
                }

                return together.Task;
            },
        };
        using var connection = new Connection(server.Address);

        // As many connections as items are under way: no item waits for one to be made.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => connection.SendAsync(Read)));
        int atOnce = 0;
        await foreach (bool whole in BoundedPipe.SelectAsync(Enumerable.Range(0, 200).ToAsync(), 4, (_, stop) => CopyAsync(connection, stop), CancellationToken.None))
        {
            atOnce += whole ? 1 : 0;
        }

        // .NET looks after idle connections every fifteen seconds, which may cost an item each.
        Assert.InRange(atOnce, 150, 200);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(3000)]
    [InlineData(5000)]
    [InlineData(200_000)]
    public async Task Requests_and_replies_of_any_length_come_through_also_two_at_once(int length)
    {
        string value = new('x', length);
        await using var server = new RawServer((_, request) => request.StartsWith("POST", StringComparison.Ordinal)
            ? Written
            : RawServer.Json(200, """{"data":{"data":{"a":"#"},"metadata":{"version":1}}}""".Replace("#", value, StringComparison.Ordinal)));
        using var connection = new Connection(server.Address);
        var write = new VaultRequest { Method = HttpMethod.Post, Path = "kv/data/app", Body = Encoding.UTF8.GetBytes("""{"data":{"a":"#"}}""".Replace("#", value, StringComparison.Ordinal)) };
        int count = 0;
        await foreach (int read in BoundedPipe.SelectAsync(Enumerable.Range(0, 60).ToAsync(), 6, TwoAtOnceAsync, CancellationToken.None))
        {
            Assert.True(read > length);
            count++;
        }

        Assert.Equal(60, count);

        async Task<int> TwoAtOnceAsync(int item, CancellationToken stop)
        {
            VaultReply[] replies = await Task.WhenAll(
                connection.Client.SendAsync(Read, stop).AsTask(),
                connection.Client.SendAsync(item % 2 == 0 ? write : Read, stop).AsTask()).ConfigureAwait(false);
            VaultReply last = await connection.Client.SendAsync(Read, stop).ConfigureAwait(false);
            return Math.Min(replies[0].Body.Length, last.Body.Length);
        }
    }

    [Fact]
    public async Task A_caller_of_one_request_goes_on_elsewhere_and_may_block_as_long_as_it_likes()
    {
        await using var server = new RawServer(Secret);
        using var connection = new Connection(server.Address);
        Assert.False(await OwnAsync(connection, CancellationToken.None));
    }

    [Fact]
    public async Task A_reply_that_waits_behind_code_that_blocks_can_still_be_cancelled()
    {
        await using var server = new RawServer((_, request) => request.StartsWith("POST", StringComparison.Ordinal) ? RawServer.Hang : Secret);
        using var connection = new Connection(server.Address, options => options with { RequestTimeout = TimeSpan.FromDays(1), Deadline = TimeSpan.FromDays(2) });
        using var stop = new CancellationTokenSource();
        var blocking = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task run = DrainAsync(BoundedPipe.SelectAsync(Enumerable.Range(0, 1).ToAsync(), 1, (_, token) => BlockAsync(connection, blocking, token), stop.Token));
        await (await Task.WhenAny(blocking.Task, run).WaitAsync(Net));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(Net));
    }

    [Fact]
    public async Task A_caller_whose_request_is_cancelled_goes_on_elsewhere_too()
    {
        await using var server = new RawServer(RawServer.Hang);
        using var connection = new Connection(server.Address);
        using var stop = new CancellationTokenSource();
        Task<bool> where = WhereCancelledAsync(connection, stop.Token);
        await server.Hanging.Task;
        await stop.CancelAsync();
        Assert.False(await where);
    }

    [Fact]
    public async Task A_body_that_the_server_does_not_read_ends_with_cancellation()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var connection = new Connection($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        using var stop = new CancellationTokenSource();
        byte[] body = new byte[64 << 20];
        Task<VaultReply> sending = Task.Run(() => connection.Client.SendAsync(new() { Method = HttpMethod.Post, Path = "kv/data/app", Body = body }, stop.Token).AsTask());
        using TcpClient accepted = await listener.AcceptTcpClientAsync();
        await accepted.GetStream().ReadExactlyAsync(new byte[100]);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WaitAsync(Net));
    }

    [Fact]
    public async Task A_body_that_is_not_read_does_not_hold_up_a_reply_that_has_come()
    {
        await using var server = new RawServer(Secret);
        using var connection = new Connection(server.Address);
        using var deaf = new TcpListener(IPAddress.Loopback, 0);
        deaf.Start();
        Task<TcpClient> answering = AnswerOnceAsync(deaf);
        using var other = new Connection($"http://127.0.0.1:{((IPEndPoint)deaf.LocalEndpoint).Port}");
        using var stop = new CancellationTokenSource();
        var replied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task run = DrainAsync(BoundedPipe.SelectAsync(Enumerable.Range(0, 1).ToAsync(), 1, (_, token) => BothAsync(connection, other, replied, token), stop.Token));
        using TcpClient accepted = await answering;
        await (await Task.WhenAny(replied.Task, run).WaitAsync(Net));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(Net));
    }

    [Fact]
    public async Task Few_failures_among_many_answers_do_not_open_the_breaker()
    {
        await using var server = new RawServer((number, _) => number <= 60 ? Secret : RawServer.Json(500, """{"errors":["internal"]}"""));
        using var connection = new Connection(server.Address, options => options with { MaxRetries = 0 });
        for (int i = 0; i < 60; i++)
        {
            await connection.SendAsync(Read);
        }

        for (int i = 0; i < 20; i++)
        {
            Assert.NotEqual(FaultKind.CircuitOpen, (await connection.FailAsync(Read)).Kind);
        }
    }

    private static async Task<bool> CopyAsync(Connection connection, CancellationToken stop)
    {
        ValueTask<VaultReply> reading = connection.Client.SendAsync(Read, stop);
        bool read = reading.IsCompleted;
        await reading.ConfigureAwait(false);
        ValueTask<VaultReply> writing = connection.Client.SendAsync(new() { Method = HttpMethod.Post, Path = "kv/data/app", Body = Encoding.UTF8.GetBytes("""{"data":{"a":"canary-a"}}""") }, stop);
        bool written = writing.IsCompleted;
        await writing.ConfigureAwait(false);
        return read && written;
    }

    private static async Task<bool> OwnAsync(Connection connection, CancellationToken stop)
    {
        await connection.Client.SendAsync(Read, stop).ConfigureAwait(false);
        return WaitThread.IsCurrent;
    }

    private static async Task<bool> WhereCancelledAsync(Connection connection, CancellationToken stop)
    {
        try
        {
            await connection.Client.SendAsync(Read, stop).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return WaitThread.IsCurrent;
        }
    }

    // A reply that is there when it is asked for, as may be on a busy machine, is not waited for by a thread of ours.
    private static async Task ReplyOnOwnThreadAsync(Connection connection, CancellationToken stop)
    {
        int tries = 0;
        do
        {
            Assert.InRange(++tries, 1, 1000);
            await connection.Client.SendAsync(Read, stop).ConfigureAwait(false);
        }
        while (!WaitThread.IsCurrent);
    }

    private static async Task<bool> BlockAsync(Connection connection, TaskCompletionSource blocking, CancellationToken stop)
    {
        await ReplyOnOwnThreadAsync(connection, stop).ConfigureAwait(false);
        Task<VaultReply> second = connection.Client.SendAsync(new() { Method = HttpMethod.Post, Path = "kv/data/app", Body = "{}"u8.ToArray() }, stop).AsTask();
        blocking.SetResult();
        ((IAsyncResult)second).AsyncWaitHandle.WaitOne();
        await second.ConfigureAwait(false);
        return true;
    }

    private static async Task<TcpClient> AnswerOnceAsync(TcpListener listener)
    {
        TcpClient client = await listener.AcceptTcpClientAsync();
        byte[] buffer = new byte[4096];
        for (int filled = 0; !Encoding.ASCII.GetString(buffer, 0, filled).EndsWith("\r\n\r\n", StringComparison.Ordinal);)
        {
            filled += await client.GetStream().ReadAsync(buffer.AsMemory(filled));
        }

        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Secret));
        return client;
    }

    private static async Task<bool> BothAsync(Connection connection, Connection deaf, TaskCompletionSource replied, CancellationToken stop)
    {
        await deaf.Client.SendAsync(Read, stop).ConfigureAwait(false);
        await ReplyOnOwnThreadAsync(connection, stop).ConfigureAwait(false);
        Task first = ReplyAsync();

        // Sent from here, behind which the reply to the first is waited for.
        Task<VaultReply> second = deaf.Client.SendAsync(new() { Method = HttpMethod.Post, Path = "kv/data/app", Body = new byte[64 << 20] }, stop).AsTask();
        await first.ConfigureAwait(false);
        await second.ConfigureAwait(false);
        return true;

        async Task ReplyAsync()
        {
            await connection.Client.SendAsync(Read, stop).ConfigureAwait(false);
            replied.SetResult();
        }
    }

    private static async Task DrainAsync(IAsyncEnumerable<bool> rows)
    {
        await foreach (bool row in rows)
        {
            _ = row;
        }
    }
}
