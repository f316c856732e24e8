namespace SecretBridge.DevVault;

/// <summary>The faults of a server; the first that strikes counts.</summary>
public sealed class FaultList(int seed)
{
    private readonly object _lock = new();
    private readonly List<Fault> _faults = [];

    // Not for secrets: a seeded generator makes a failing run repeatable.
#pragma warning disable CA5394
    private readonly Random _random = new(seed);
#pragma warning restore CA5394

    public Fault Add(Fault fault)
    {
        lock (_lock)
        {
            _faults.Add(fault);
        }
        return fault;
    }

    public void Clear()
    {
        lock (_lock)
        {
            _faults.Clear();
        }
    }

    internal bool IsEmpty => _faults.Count == 0;

    internal Fault? Strike(RequestRecord request)
    {
        lock (_lock)
        {
            return _faults.Find(fault => fault.Strikes(request, _random));
        }
    }
}
