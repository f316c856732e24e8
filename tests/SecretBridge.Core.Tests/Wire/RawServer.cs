using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SecretBridge.Tests.Wire;

/// <summary>A server on loopback that answers each request with the very bytes that a test gives, or cuts the connection.</summary>
public sealed class RawServer : IAsyncDisposable
{
    /// <summary>An answer that resets the connection instead.</summary>
    public const string Reset = "RESET";

    /// <summary>An answer that never comes.</summary>
    public const string Hang = "HANG";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<int, string, string> _answer;
    private readonly CancellationTokenSource _ended = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly Task _accepting;
    private int _count;

    /// <param name="answer">From the request's number, from 1, and its text to the raw answer.</param>
    public RawServer(Func<int, string, string> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public RawServer(params string[] answers)
        : this((number, _) => answers[Math.Min(number, answers.Length) - 1])
    {
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>The requests, head and body as they came.</summary>
    public IReadOnlyList<string> Requests => _requests.ToArray();

    /// <summary>Runs before each answer, with the request: what it waits for, the answer waits for too.</summary>
    public Func<string, Task> Before { get; init; } = _ => Task.CompletedTask;

    /// <summary>Completes with the first request that hangs.</summary>
    public TaskCompletionSource Hanging { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static string Json(int status, string body, string headers = "") =>
        $"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        await _accepting;
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_ended.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or InvalidOperationException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                while (await ReadAsync(stream) is { } request)
                {
                    _requests.Enqueue(request);
                    await Before(request).WaitAsync(_ended.Token);
                    string answer = _answer(Interlocked.Increment(ref _count), request);
                    if (answer == Reset)
                    {
                        client.Client.LingerState = new LingerOption(true, 0);
                        return;
                    }

                    if (answer == Hang)
                    {
                        Hanging.TrySetResult();
                        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _ended.Token);
                    }

                    await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), _ended.Token);
                    if (answer.Contains("Connection: close", StringComparison.OrdinalIgnoreCase))
                    {
                        return;
                    }
                }
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException)
            {
                // The client went away, or the test is over.
            }
        }
    }

    private async Task<string?> ReadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _ended.Token) == 0)
            {
                return null;
            }

            head.Append((char)one[0]);
        }

        string text = head.ToString();
        int at = text.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
        int length = at < 0 ? 0 : int.Parse(text[(at + 16)..text.IndexOf('\r', at)], System.Globalization.CultureInfo.InvariantCulture);
        byte[] body = new byte[length];
        await stream.ReadExactlyAsync(body, _ended.Token);
        return text + Encoding.UTF8.GetString(body);
    }
}
