using System.Collections.Concurrent;

namespace SecretBridge.DevVault;

/// <summary>What the server was asked, in the order of arrival.</summary>
public sealed class RequestLog(int capacity)
{
    private readonly ConcurrentQueue<RequestRecord> _records = new();
    private readonly long[] _counts = new long[Enum.GetValues<RequestKind>().Length];
    private long _total;

    /// <summary>All requests since the start or the last <see cref="Reset"/>, also those that the log no longer holds.</summary>
    public long Total => Interlocked.Read(ref _total);

    public IReadOnlyList<RequestRecord> All => [.. _records];

    /// <summary>The requests that change something.</summary>
    public IEnumerable<RequestRecord> Writes => _records.Where(record => record.Kind is RequestKind.Write or RequestKind.Delete);

    public long Count(RequestKind kind) => Interlocked.Read(ref _counts[(int)kind]);

    public int Count(string method, string path) => _records.Count(record => record.Method == method && record.Path == path);

    public void Reset()
    {
        _records.Clear();
        Interlocked.Exchange(ref _total, 0);
        Array.Clear(_counts);
    }

    internal bool KeepsRecords => capacity > 0;

    internal void Count(RequestKind kind, RequestRecord? record)
    {
        Interlocked.Increment(ref _total);
        Interlocked.Increment(ref _counts[(int)kind]);
        if (record is null)
        {
            return;
        }
        _records.Enqueue(record);
        if (_records.Count > capacity)
        {
            _records.TryDequeue(out _);
        }
    }
}
